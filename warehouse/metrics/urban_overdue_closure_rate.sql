-- urban_overdue_closure_rate: 城管超期结案率
-- formula: 超期结案数÷应结案数：处置截止时间在统计期内且已到期的案件中，晚于截止时间才结案的比例
-- basis: due
-- exclusions: 不予立案、作废
-- unit: %
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 30428.4《数字化城市管理信息系统 绩效评价》；城管中队工作口径
-- owner: 城管中队
-- kind: rate
-- rows: urban_case
-- platforms: urban_case
-- classes: urban
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.closed_at > c.due_at THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.urban_matter AS c
WHERE c.due_at IS NOT NULL
