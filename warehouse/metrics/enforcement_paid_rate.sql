-- enforcement_paid_rate: 执行到位率
-- formula: 缴款期限在统计期内且已到期的罚没决定中，应缴款项已全部缴清的比例，按件计、不按金额计；不分人、不分中队
-- basis: due
-- exclusions: 无罚没的
-- unit: %
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《行政处罚法》（2021）；执法工作口径
-- owner: 城管中队
-- kind: rate
-- rows: enforcement_case
-- platforms: enforcement
SELECT
  c.source AS source,
  c.case_no AS key,
  c.pay_due_on AS on_day,
  CAST(NULL AS INTEGER) AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  c.domain AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.paid_yuan >= COALESCE(c.fine_yuan, 0) + COALESCE(c.gain_yuan, 0) THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.pay_due_on AS TIMESTAMP) AS on_at,
  CAST(c.pay_due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS due_at
FROM core.enforcement_case AS c
WHERE c.decided_at IS NOT NULL AND c.pay_due_on IS NOT NULL
  AND COALESCE(c.fine_yuan, 0) + COALESCE(c.gain_yuan, 0) > 0
