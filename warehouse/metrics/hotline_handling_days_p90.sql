-- hotline_handling_days_p90: 九成办理时长
-- formula: 统计期内办结工单从受理到办结的自然日数的第 90 百分位数（按办结时间，含节假日，不取整）：九成工单不长于此
-- basis: completed
-- exclusions: 退单成功、不予受理、并单、作废
-- unit: 天
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 33358-2016《政府热线服务规范》；街道热线工作口径
-- owner: 热线办
-- kind: median
-- rows: hotline_order
-- platforms: hotline_12345
-- classes: hotline
-- quantile: 0.9
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
  0 AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.received_at, c.closed_at) AS DOUBLE) / 86400 AS value,
  c.withdrawn AS excluded_reason,
  c.closed_at AS on_at
FROM mart.hotline_case AS c
WHERE c.closed_at IS NOT NULL
