-- land_new_area: 新增违建面积
-- formula: 统计期内发现并认定的新增违建的图斑面积之和（按发现时间）；目标为零增长
-- basis: accepted
-- exclusions: 合法、已批、历史存量；尚未认定的；未登记面积的按零计
-- unit: m²
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《城乡规划法》第六十四至六十八条；控违工作口径
-- owner: 城管中队
-- kind: sum
-- rows: land_clue
-- platforms: land_watch
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
  COALESCE(c.area_m2, 0) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at
FROM mart.land_matter AS c
WHERE c.counts_new = 1
