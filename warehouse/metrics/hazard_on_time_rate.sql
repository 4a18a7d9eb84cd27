-- hazard_on_time_rate: 隐患按期整改率
-- formula: 整改期限在统计期内且已到期的隐患中，不晚于期限完成整改的比例；未整改的留在分母
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《安全生产法》；应急办工作口径
-- owner: 应急办
-- kind: rate
-- rows: safety_hazard
-- platforms: safety_hazard
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.fixed_at <= c.due_at THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.hazard_matter AS c
WHERE c.due_at IS NOT NULL
