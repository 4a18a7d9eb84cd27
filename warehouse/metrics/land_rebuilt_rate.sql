-- land_rebuilt_rate: 违建反弹率
-- formula: 统计期内复查的已拆违建中复建的比例（按复查时间）
-- basis: completed
-- exclusions: 未复查的
-- unit: %
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《城乡规划法》第六十四至六十八条；控违工作口径
-- owner: 城管中队
-- kind: rate
-- rows: land_clue
-- platforms: land_watch
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.rechecked_at AS DATE) AS on_day,
  CASE
    WHEN c.rechecked_at = CAST(CAST(c.rechecked_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.rechecked_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.rebuilt THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.rechecked_at AS on_at
FROM mart.land_matter AS c
WHERE c.rechecked_at IS NOT NULL
