-- mediation_open: 纠纷在办数
-- formula: 期末（当日为数据截至时刻）已受理而未了结的矛盾纠纷数，两条线分列
-- basis: accepted
-- exclusions: 并案、撤回、不予受理的自了结时起不计
-- unit: 件
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-23
-- document: 《人民调解工作若干规定》；矛调中心工作口径
-- owner: 矛调中心
-- kind: stock
-- rows: mediation_case
-- platforms: mediation
-- classes: mediation
-- lines: centre 中心牵头, unit 常轮随驻
SELECT
  c.source AS source,
  c.case_no AS key,
  CAST(c.accepted_at AS DATE) AS on_day,
  CAST(EXTRACT(HOUR FROM c.accepted_at) AS INTEGER) AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  c.line AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.accepted_at AS on_at,
  CAST(c.accepted_at AS DATE) AS from_day,
  CAST(c.closed_at AS DATE) AS until_day,
  c.accepted_at AS from_at,
  c.closed_at AS until_at
FROM mart.mediation_matter AS c
WHERE c.closed_at IS NOT NULL OR c.withdrawn IS NULL
