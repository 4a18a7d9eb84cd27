-- hotline_satisfaction_all_rate: 满意率（占全部办结）
-- formula: 统计期内办结的全部工单中，回访评为非常满意、满意、基本满意的比例；未回访、未评价的留在分母（按办结时间）
-- basis: completed
-- exclusions: 退单成功、不予受理、并单、作废
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 33357-2016《政府热线服务评价》；街道热线工作口径
-- owner: 热线办
-- kind: rate
-- rows: hotline_order
-- platforms: hotline_12345
-- classes: hotline
SELECT
  c.source AS source,
  c.order_no AS key,
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.satisfaction IN ('非常满意', '满意', '基本满意') THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.closed_at AS on_at
FROM mart.hotline_case AS c
WHERE c.closed_at IS NOT NULL
