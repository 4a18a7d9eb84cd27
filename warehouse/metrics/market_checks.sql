-- market_checks: 市场检查户次
-- formula: 统计期内检查的市场主体户次（按检查时间）
-- basis: accepted
-- exclusions: 无
-- unit: 户次
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《双随机一公开》监管；市监分局工作口径
-- owner: 市监分局
-- kind: count
-- rows: market_check
-- platforms: market_inspection
SELECT
  c.source AS source,
  c.check_no AS key,
  CAST(c.checked_at AS DATE) AS on_day,
  CASE
    WHEN c.checked_at = CAST(CAST(c.checked_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.checked_at) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CASE WHEN c.check_kind IS NULL THEN c.domain ELSE CONCAT(c.domain, '/', c.check_kind) END AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.checked_at AS on_at
FROM core.market_check AS c
WHERE c.checked_at IS NOT NULL
