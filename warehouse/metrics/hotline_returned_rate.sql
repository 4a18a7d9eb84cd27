-- hotline_returned_rate: 热线退单率
-- formula: 统计期内受理的工单中退单成功的比例（按受理时间）
-- basis: accepted
-- exclusions: 无
-- unit: %
-- polarity: none
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
  CAST(c.opened_at AS DATE) AS on_day,
  CASE
    WHEN c.opened_at = CAST(CAST(c.opened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.opened_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn = '退单成功' THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at,
  c.ended_at AS num_at
FROM mart.hotline_case AS c
