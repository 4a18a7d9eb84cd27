-- hotline_rework_rate: 热线重办率
-- formula: 统计期内回访的工单中重办过的比例（按回访时间）
-- basis: completed
-- exclusions: 退单成功、不予受理、并单、作废
-- unit: %
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 33358-2016《政府热线服务规范》；街道热线工作口径
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
  CASE WHEN c.withdrawn IS NULL AND c.rework_no > 0 THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.revisit_at AS on_at
FROM mart.hotline_case AS c
WHERE c.revisit_at IS NOT NULL
