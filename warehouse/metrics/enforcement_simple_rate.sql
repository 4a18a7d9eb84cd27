-- enforcement_simple_rate: 简易程序占比
-- formula: 统计期内立案的案件中适用简易程序（当场处罚）的比例（按立案时间）；只说明结构，不作评价
-- basis: accepted
-- exclusions: 无
-- unit: %
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《行政处罚法》（2021）；执法工作口径
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
  CASE WHEN c.procedure = '简易程序' THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at,
  c.opened_at AS num_at
FROM mart.enforcement_matter AS c
