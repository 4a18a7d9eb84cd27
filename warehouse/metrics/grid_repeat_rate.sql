-- grid_repeat_rate: 重复上报率
-- formula: 统计期内上报的事件中，此前 24 小时内同一处（坐标留到约 100 米）同一类别已有上报的比例（按上报时间）
-- basis: accepted
-- exclusions: 没有坐标或类别的
-- unit: %
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: rate
-- rows: grid_event
-- platforms: grid_event
-- classes: grid
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.opened_at AS DATE) AS on_day,
  CASE
    WHEN c.opened_at = CAST(CAST(c.opened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.opened_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN r.key IS NOT NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.placed = 1 THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.placed = 1 THEN NULL ELSE '无坐标或类别' END AS excluded_reason,
  c.opened_at AS on_at,
  c.opened_at AS num_at
FROM mart.grid_matter AS c
LEFT JOIN mart.grid_repeat AS r
  ON r.source = c.source
  AND r.key = c.key
  AND r.reported_on = CAST(c.opened_at AS DATE)
