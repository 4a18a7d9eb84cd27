-- market_problem_rate: 检查发现问题率
-- formula: 统计期内检查的市场主体中发现问题（责令改正、立案查处）的比例（按检查时间）
-- basis: moment
-- exclusions: 查无下落、不配合检查、已停业
-- unit: %
-- polarity: none
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
  CASE WHEN c.result IN ('责令改正', '立案查处') THEN 1 ELSE 0 END AS num,
  CASE WHEN c.result IN ('未发现问题', '责令改正', '立案查处') THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.result IN ('未发现问题', '责令改正', '立案查处') THEN NULL ELSE COALESCE(c.result, '未填结果') END AS excluded_reason,
  c.checked_at AS on_at
FROM core.market_check AS c
WHERE c.checked_at IS NOT NULL
