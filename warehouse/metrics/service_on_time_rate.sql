-- service_on_time_rate: 政务按时办结率
-- formula: 承诺期限在统计期内且已到期的办件中，不晚于期限办结的比例；未办结的留在分母
-- basis: due
-- exclusions: 无
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
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.closed_at <= c.due_at THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.service_matter AS c
WHERE c.due_at IS NOT NULL
