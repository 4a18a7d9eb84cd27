-- mediation_days: 化解天数
-- formula: 统计期内完结的纠纷从受理到办结的自然日数的中位数（按办结时间，不取整）
-- basis: completed
-- exclusions: 并案、撤回、不予受理
-- unit: 天
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-23
-- document: 《人民调解工作若干规定》；矛调中心工作口径
-- owner: 矛调中心
-- kind: median
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
  0 AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.accepted_at, c.closed_at) AS DOUBLE) / 86400 AS value,
  c.withdrawn AS excluded_reason,
  c.closed_at AS on_at
FROM mart.mediation_matter AS c
WHERE c.closed_at IS NOT NULL
