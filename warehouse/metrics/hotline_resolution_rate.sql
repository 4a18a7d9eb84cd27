-- hotline_resolution_rate: 解决率
-- formula: 统计期内回访成功的工单中，来电人答复“已解决”的比例（按回访时间）
-- basis: completed
-- exclusions: 剔除、咨询和表扬、未接通、未答是否解决
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-23
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
  CASE
    WHEN COALESCE(c.excluded, FALSE) = FALSE
      AND COALESCE(c.satisfaction, '') <> '未接通'
      AND COALESCE(c.req_type, '') NOT IN ('咨询', '表扬')
      AND c.resolved THEN 1 ELSE 0
  END AS num,
  CASE
    WHEN COALESCE(c.excluded, FALSE) = FALSE
      AND COALESCE(c.satisfaction, '') <> '未接通'
      AND COALESCE(c.req_type, '') NOT IN ('咨询', '表扬')
      AND c.resolved IS NOT NULL THEN 1 ELSE 0
  END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE
    WHEN c.excluded THEN '剔除'
    WHEN c.req_type IN ('咨询', '表扬') THEN '咨询或表扬'
    WHEN c.satisfaction = '未接通' THEN '未接通'
    WHEN c.resolved IS NULL THEN '未答是否解决'
    ELSE NULL
  END AS excluded_reason,
  c.revisit_at AS on_at
FROM mart.hotline_case AS c
WHERE c.revisit_at IS NOT NULL
