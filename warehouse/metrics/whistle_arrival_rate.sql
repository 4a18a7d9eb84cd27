-- whistle_arrival_rate: 部门到场率
-- formula: 报到时限在统计期内且已到期的被吹部门（一哨多部门分别计）中已经报到的比例，不论是否超时
-- basis: due
-- exclusions: 退哨
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《南京市鼓楼区街道吹哨、部门报到工作规则》（2023）；指挥中心工作口径
-- owner: 指挥中心
-- kind: rate
-- rows: whistle_department
-- platforms: whistle
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.report_due_at AS DATE) AS on_day,
  CASE
    WHEN c.report_due_at = CAST(CAST(c.report_due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.report_due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.department AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.arrived_at IS NOT NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.report_due_at AS on_at,
  c.report_due_at AS due_at
FROM mart.whistle_call AS c
WHERE c.report_due_at IS NOT NULL
