-- hotline_received: 热线受理量
-- formula: 统计期内街道收到的 12345 工单数（按受理时间），含后来并单、退单的
-- basis: accepted
-- exclusions: 无
-- unit: 件
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-23
-- document: GB/T 33358-2016《政府热线服务规范》；街道热线工作口径
-- owner: 热线办
-- kind: count
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
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.received_at AS on_at
FROM mart.hotline_case AS c
WHERE c.received_at IS NOT NULL
