-- enforcement_closed_rate: 执法结案率
-- formula: 统计期内立案的案件中已经结案的比例（按立案时间）；在办的留在分母；含期初结转的口径见执法案件流
-- basis: accepted
-- exclusions: 决定前移送、撤案
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《行政处罚法》（2021）第六十条；执法工作口径
-- owner: 城管中队
-- kind: rate
-- rows: enforcement_case
-- platforms: enforcement
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
  CASE WHEN c.withdrawn IS NULL AND c.closed_at IS NOT NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.opened_at AS on_at,
  c.closed_at AS num_at
FROM mart.enforcement_matter AS c
