-- hotline_open: 热线在办量
-- formula: 期末（当日为数据截至时刻）已受理而未了结的工单数
-- basis: accepted
-- exclusions: 已退单、不予受理、并单、作废的自了结时起不计
-- unit: 件
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-23
-- document: GB/T 33358-2016《政府热线服务规范》；街道热线工作口径
-- owner: 热线办
-- kind: stock
-- rows: hotline_order
-- platforms: hotline_12345
-- classes: hotline
SELECT
  c.source AS source,
  c.order_no AS key,
  CAST(c.received_at AS DATE) AS on_day,
  CAST(EXTRACT(HOUR FROM c.received_at) AS INTEGER) AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.received_at AS on_at,
  CAST(c.received_at AS DATE) AS from_day,
  CAST(c.closed_at AS DATE) AS until_day,
  c.received_at AS from_at,
  c.closed_at AS until_at
FROM mart.hotline_case AS c
WHERE c.closed_at IS NOT NULL OR c.withdrawn IS NULL
