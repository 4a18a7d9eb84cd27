-- grid_handling_hours: 网格处置时长
-- formula: 统计期内结案的、转出处置的事件从上报到结案的小时数的中位数（按结案时间，含节假日）
-- basis: completed
-- exclusions: 作废、无效上报；网格自处置的
-- unit: 小时
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: median
-- rows: grid_event
-- platforms: grid_event
-- classes: grid
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  0 AS num,
  CASE WHEN c.withdrawn IS NULL AND COALESCE(c.self_handled, FALSE) = FALSE THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.opened_at, c.closed_at) AS DOUBLE) / 3600 AS value,
  CASE WHEN c.withdrawn IS NULL AND c.self_handled THEN '网格自处置' ELSE c.withdrawn END AS excluded_reason,
  c.closed_at AS on_at
FROM mart.grid_matter AS c
WHERE c.closed_at IS NOT NULL
