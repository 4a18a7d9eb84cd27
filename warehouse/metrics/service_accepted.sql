-- service_accepted: 政务办件量
-- formula: 统计期内受理的政务服务办件数（按受理时间）
-- basis: accepted
-- exclusions: 无
-- unit: 件
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 政务服务“好差评”制度；便民服务中心工作口径
-- owner: 便民服务中心
-- kind: count
-- rows: service_case
-- platforms: gov_service
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.opened_at AS DATE) AS on_day,
  CASE
    WHEN c.opened_at = CAST(CAST(c.opened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.opened_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at
FROM mart.service_matter AS c
