-- land_confirmed_rate: 图斑属实率
-- formula: 统计期内核查认定的图斑中，认定为违法建设的比例（按核查时间）；合法和已批的不属实
-- basis: completed
-- exclusions: 无
-- unit: %
-- polarity: none
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
  CAST(c.checked_at AS DATE) AS on_day,
  CASE
    WHEN c.checked_at = CAST(CAST(c.checked_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.checked_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.is_unlawful = 1 THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.checked_at AS on_at
FROM mart.land_matter AS c
WHERE c.checked_at IS NOT NULL AND c.is_unlawful IS NOT NULL
