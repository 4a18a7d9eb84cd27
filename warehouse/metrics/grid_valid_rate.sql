-- grid_valid_rate: 网格有效上报率
-- formula: 统计期内上报的事件中，经受理判为有效的比例；尚未受理的不计
-- basis: accepted
-- exclusions: 尚未受理判定的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
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
  CASE WHEN c.valid THEN 1 ELSE 0 END AS num,
  CASE WHEN c.valid IS NOT NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.valid IS NULL THEN '尚未判定' ELSE NULL END AS excluded_reason,
  c.opened_at AS on_at,
  c.opened_at AS num_at
FROM mart.grid_matter AS c
