-- linkage_dispatch_right_rate: 联动准确派遣率
-- formula: 准确派遣数÷已派遣数：统计期内派遣的联动单中没有被退回的比例（按派遣时间）
-- basis: completed
-- exclusions: 作废
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 社会治理大联动工作口径
-- owner: 综治中心
-- kind: rate
-- rows: linkage_order
-- platforms: linkage
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
  CASE WHEN c.withdrawn IS NULL AND COALESCE(c.returned, 0) = 0 THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.dispatched_at AS on_at
FROM mart.linkage_matter AS c
WHERE c.dispatched_at IS NOT NULL
