-- hotline_satisfaction_strict_rate: 满意率（不含基本满意）
-- formula: 统计期内回访作出评价的工单中，非常满意、满意的比例，基本满意不计入满意（按回访时间）
-- basis: completed
-- exclusions: 未评价、未接通
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
  CAST(c.revisit_at AS DATE) AS on_day,
  CASE
    WHEN c.revisit_at = CAST(CAST(c.revisit_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.revisit_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.satisfaction IN ('非常满意', '满意') THEN 1 ELSE 0 END AS num,
  CASE WHEN c.satisfaction IN ('非常满意', '满意', '基本满意', '不满意', '非常不满意') THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE
    WHEN c.satisfaction IN ('非常满意', '满意', '基本满意', '不满意', '非常不满意') THEN NULL
    WHEN c.satisfaction = '未接通' THEN '未接通'
    ELSE '未评价'
  END AS excluded_reason,
  c.revisit_at AS on_at
FROM mart.hotline_case AS c
WHERE c.revisit_at IS NOT NULL
