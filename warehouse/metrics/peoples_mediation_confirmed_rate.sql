-- peoples_mediation_confirmed_rate: 司法确认率
-- formula: 统计期内受理并达成书面协议的纠纷中，经法院司法确认的比例（按受理时间）
-- basis: accepted
-- exclusions: 无
-- unit: %
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《人民调解法》；司法所工作口径
-- owner: 司法所
-- kind: rate
-- rows: peoples_mediation_case
-- platforms: peoples_mediation
-- classes: mediation
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.opened_at AS DATE) AS on_day,
  CASE
    WHEN c.opened_at = CAST(CAST(c.opened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.opened_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.agreement_kind = '书面' AND c.confirm_result = '确认有效' THEN 1 ELSE 0 END AS num,
  CASE WHEN c.agreement_kind = '书面' THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at,
  CAST(c.confirm_applied_on AS TIMESTAMP) AS num_at
FROM mart.peoples_mediation_matter AS c
WHERE c.agreement_kind = '书面'
