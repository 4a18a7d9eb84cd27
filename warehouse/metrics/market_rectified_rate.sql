-- market_rectified_rate: 问题整改率
-- formula: 整改期限在统计期内且已到期的责令改正件中，已整改到位的比例；未整改的留在分母
-- basis: due
-- exclusions: 未责令改正的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《双随机一公开》监管；市监分局工作口径
-- owner: 市监分局
-- kind: rate
-- rows: market_check
-- platforms: market_inspection
SELECT
  c.source AS source,
  c.check_no AS key,
  CAST(CAST(c.due_on AS TIMESTAMP) AS DATE) AS on_day,
  CASE
    WHEN CAST(c.due_on AS TIMESTAMP) = CAST(CAST(CAST(c.due_on AS TIMESTAMP) AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM CAST(c.due_on AS TIMESTAMP)) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CASE WHEN c.check_kind IS NULL THEN c.domain ELSE CONCAT(c.domain, '/', c.check_kind) END AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.rectified THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.due_on AS TIMESTAMP) AS on_at,
  CAST(c.due_on AS TIMESTAMP) AS due_at
FROM core.market_check AS c
WHERE c.due_on IS NOT NULL
