-- urban_dispatch_right_rate: 城管准确派遣率
-- formula: 准确派遣数÷已派遣数：统计期内派遣的案件中没有被回退的比例（按派遣时间）
-- basis: completed
-- exclusions: 不予立案、作废
-- unit: %
-- polarity: up
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
  CAST(c.dispatched_at AS DATE) AS on_day,
  CASE
    WHEN c.dispatched_at = CAST(CAST(c.dispatched_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.dispatched_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND COALESCE(c.back_num, 0) = 0 THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.dispatched_at AS on_at
FROM mart.urban_matter AS c
WHERE c.dispatched_at IS NOT NULL
