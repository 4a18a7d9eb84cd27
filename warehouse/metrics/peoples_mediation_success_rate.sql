-- peoples_mediation_success_rate: 人民调解成功率
-- formula: 统计期内调结的纠纷中调解成功占成功与不成功之和的比例（按调结时间）
-- basis: completed
-- exclusions: 终止调解
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
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.result = '调解成功' THEN 1 ELSE 0 END AS num,
  CASE WHEN c.result IN ('调解成功', '调解不成功') THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.result IN ('调解成功', '调解不成功') THEN NULL ELSE COALESCE(c.result, '未填结果') END AS excluded_reason,
  c.closed_at AS on_at
FROM mart.peoples_mediation_matter AS c
WHERE c.closed_at IS NOT NULL
