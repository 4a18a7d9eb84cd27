-- mediation_success_rate: 调解成功率
-- formula: 统计期内完结的纠纷中，调解成功占成功与不成功之和的比例（按办结时间）
-- basis: completed
-- exclusions: 并案、撤回、不予受理；引导诉讼仲裁、化解、稳控等非调解结果
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-23
-- document: 《人民调解工作若干规定》；矛调中心工作口径
-- owner: 矛调中心
-- kind: rate
-- rows: mediation_case
-- platforms: mediation
-- classes: mediation
-- lines: centre 中心牵头, unit 常轮随驻
SELECT
  c.source AS source,
  c.case_no AS key,
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  c.line AS line,
  CASE WHEN c.withdrawn IS NULL AND c.result IN ('调解成功', '成功') THEN 1 ELSE 0 END AS num,
  CASE
    WHEN c.withdrawn IS NULL
      AND c.result IN ('调解成功', '成功', '调解不成功', '不成功') THEN 1 ELSE 0
  END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE
    WHEN c.withdrawn IS NOT NULL THEN c.withdrawn
    WHEN c.result IN ('调解成功', '成功', '调解不成功', '不成功') THEN NULL
    ELSE COALESCE(c.result, '未填结果')
  END AS excluded_reason,
  c.closed_at AS on_at
FROM mart.mediation_matter AS c
WHERE c.closed_at IS NOT NULL
