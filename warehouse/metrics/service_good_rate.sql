-- service_good_rate: 政务好评率
-- formula: 统计期内评价的办件中，非常满意、满意、基本满意（五至三分）的比例（按评价时间）
-- basis: completed
-- exclusions: 未评价的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 政务服务“好差评”制度；便民服务中心工作口径
-- owner: 便民服务中心
-- kind: rate
-- rows: service_case
-- platforms: gov_service
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.rated_at AS DATE) AS on_day,
  CASE
    WHEN c.rated_at = CAST(CAST(c.rated_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.rated_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.rating >= 3 THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.rated_at AS on_at
FROM mart.service_matter AS c
WHERE c.rated_at IS NOT NULL AND c.rating IS NOT NULL
