-- grid_reported: 网格上报量
-- formula: 统计期内上报的网格事件数（按上报时间），含自处置和判为无效的
-- basis: accepted
-- exclusions: 无
-- unit: 件
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: count
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
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at
FROM mart.grid_matter AS c
