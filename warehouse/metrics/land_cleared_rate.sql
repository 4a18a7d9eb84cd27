-- land_cleared_rate: 违建销号率
-- formula: 统计期内发现并已认定属实的违建中已经销号的比例（按发现时间）；依法等待复议诉讼的在办件留在分母
-- basis: accepted
-- exclusions: 合法、已批；尚未认定的
-- unit: %
-- polarity: up
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
  CASE WHEN c.is_unlawful = 1 AND c.closed_at IS NOT NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.is_unlawful = 1 THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.is_unlawful = 1 THEN NULL WHEN c.is_unlawful = 0 THEN '不属实' ELSE '尚未认定' END AS excluded_reason,
  c.opened_at AS on_at,
  c.closed_at AS num_at
FROM mart.land_matter AS c
