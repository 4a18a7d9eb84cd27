-- land_days: 违建处置天数
-- formula: 统计期内销号的违建从发现到销号的自然日数的中位数，扣除拆除决定作出到拆除之间的法定等待（限期自拆、催告、复议和诉讼期），按销号时间
-- basis: completed
-- exclusions: 合法、已批
-- unit: 天
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《行政强制法》第三十五条、第四十四条；控违工作口径
-- owner: 城管中队
-- kind: median
-- rows: land_clue
-- platforms: land_watch
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  0 AS num,
  CASE WHEN c.is_unlawful = 1 THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.opened_at, c.closed_at) - COALESCE(c.waited_s, 0) AS DOUBLE) / 86400 AS value,
  CASE WHEN c.is_unlawful = 1 THEN NULL ELSE '不属实' END AS excluded_reason,
  c.closed_at AS on_at
FROM mart.land_matter AS c
WHERE c.closed_at IS NOT NULL
