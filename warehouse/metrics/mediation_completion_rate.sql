-- mediation_completion_rate: 调解完结率
-- formula: 统计期内受理的纠纷中已经完结的比例，在办的留在分母；两条线分列，不相加
-- basis: accepted
-- exclusions: 并案、撤回、不予受理
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
  CAST(c.accepted_at AS DATE) AS on_day,
  CASE
    WHEN c.accepted_at = CAST(CAST(c.accepted_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.accepted_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  c.line AS line,
  CASE WHEN c.withdrawn IS NULL AND c.closed_at IS NOT NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.accepted_at AS on_at,
  c.closed_at AS num_at
FROM mart.mediation_matter AS c
WHERE c.accepted_at IS NOT NULL
