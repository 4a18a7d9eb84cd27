-- urban_closed: 城管结案量
-- formula: 统计期内结案的件数（按结案时间）
-- basis: completed
-- exclusions: 不予立案、作废
-- unit: 件
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 30428.4《数字化城市管理信息系统 绩效评价》；城管中队工作口径
-- owner: 城管中队
-- kind: count
-- rows: urban_case
-- platforms: urban_case
-- classes: urban
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(1 AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.closed_at AS on_at
FROM mart.urban_matter AS c
WHERE c.closed_at IS NOT NULL
