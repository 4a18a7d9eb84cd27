-- hazard_found: 隐患排查数
-- formula: 统计期内排查发现的安全生产和消防隐患数（按发现时间）
-- basis: accepted
-- exclusions: 无
-- unit: 处
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《安全生产法》；应急办工作口径
-- owner: 应急办
-- kind: count
-- rows: safety_hazard
-- platforms: safety_hazard
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
FROM mart.hazard_matter AS c
