-- mediation_on_time_rate: 调解按期办结率
-- formula: 办理期限在统计期内且已到期的纠纷中，不晚于期限办结的比例；未办结的留在分母；两条线分列，不相加
-- basis: due
-- exclusions: 并案、撤回、不予受理
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《人民调解工作若干规定》第三十三条；矛调中心工作口径
-- owner: 矛调中心
-- kind: rate
-- rows: mediation_case
-- platforms: mediation
-- classes: mediation
-- lines: centre 中心牵头, unit 常轮随驻
SELECT
  c.source AS source,
  c.case_no AS key,
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  c.line AS line,
  CASE WHEN c.withdrawn IS NULL AND c.closed_at <= c.due_at THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.mediation_matter AS c
WHERE c.due_at IS NOT NULL
