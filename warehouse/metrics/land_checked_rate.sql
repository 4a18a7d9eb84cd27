-- land_checked_rate: 图斑核查率
-- formula: 已核查数÷已派单数：统计期内派单的图斑中已经现场核查的比例（按派单时间）
-- basis: accepted
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《城乡规划法》第六十四至六十八条；控违工作口径
-- owner: 城管中队
-- kind: rate
-- rows: land_clue
-- platforms: land_watch
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.dispatched_at AS DATE) AS on_day,
  CASE
    WHEN c.dispatched_at = CAST(CAST(c.dispatched_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.dispatched_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.checked_at IS NOT NULL THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.dispatched_at AS on_at,
  c.checked_at AS num_at
FROM mart.land_matter AS c
WHERE c.dispatched_at IS NOT NULL
