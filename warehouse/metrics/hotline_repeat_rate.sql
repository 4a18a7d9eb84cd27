-- hotline_repeat_rate: 重复诉求率
-- formula: 统计期内受理的工单中，此前 30 天内同一来电人、或同一网格同一三级类别已有工单的比例
-- basis: accepted
-- exclusions: 无
-- unit: %
-- polarity: down
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
  CAST(c.received_at AS DATE) AS on_day,
  CASE
    WHEN c.received_at = CAST(CAST(c.received_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.received_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN r.order_no IS NOT NULL THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.received_at AS on_at,
  c.received_at AS num_at
FROM mart.hotline_case AS c
LEFT JOIN mart.hotline_repeat AS r
  ON r.source = c.source
  AND r.order_no = c.order_no
  AND r.received_on = CAST(c.received_at AS DATE)
WHERE c.received_at IS NOT NULL
