-- peoples_mediation_performed_rate: 调解协议履行率
-- formula: 履行期限在统计期内且已到期的调解协议中已履行的比例（按履行期限）；未履行的留在分母
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
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
  CAST(CAST(c.perform_due_on AS TIMESTAMP) AS DATE) AS on_day,
  CASE
    WHEN CAST(c.perform_due_on AS TIMESTAMP) = CAST(CAST(CAST(c.perform_due_on AS TIMESTAMP) AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM CAST(c.perform_due_on AS TIMESTAMP)) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.performed = '已履行' THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.perform_due_on AS TIMESTAMP) AS on_at,
  CAST(c.perform_due_on AS TIMESTAMP) AS due_at
FROM mart.peoples_mediation_matter AS c
WHERE c.perform_due_on IS NOT NULL
