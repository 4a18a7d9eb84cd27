-- land_demolished_area: 违建拆除面积
-- formula: 统计期内拆除的违建面积之和（按拆除时间）
-- basis: completed
-- exclusions: 未登记拆除面积的按零计
-- unit: m²
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《城乡规划法》第六十四至六十八条；控违工作口径
-- owner: 城管中队
-- kind: sum
-- rows: land_clue
-- platforms: land_watch
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.demolished_at AS DATE) AS on_day,
  CASE
    WHEN c.demolished_at = CAST(CAST(c.demolished_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.demolished_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  COALESCE(c.demolished_m2, 0) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.demolished_at AS on_at
FROM mart.land_matter AS c
WHERE c.demolished_at IS NOT NULL
