-- whistle_effort_score: 部门配合度均分
-- formula: 街道给统计期内完成任务的被吹部门打的配合度分之和÷打分的部门数（按完成时间，一哨多部门分别计）
-- basis: completed
-- exclusions: 退哨、未打分
-- unit: 分
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《南京市鼓楼区街道吹哨、部门报到工作规则》（2023）；指挥中心工作口径
-- owner: 指挥中心
-- kind: mean
-- rows: whistle_department
-- platforms: whistle
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.done_at AS DATE) AS on_day,
  CASE
    WHEN c.done_at = CAST(CAST(c.done_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.done_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.department AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.effort_score IS NOT NULL THEN c.effort_score ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL AND c.effort_score IS NOT NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE
    WHEN c.withdrawn IS NOT NULL THEN c.withdrawn
    WHEN c.effort_score IS NULL THEN '未打分'
    ELSE NULL
  END AS excluded_reason,
  c.done_at AS on_at
FROM mart.whistle_call AS c
WHERE c.done_at IS NOT NULL
