-- hotline_first_contact_hours: 首次联系时长
-- formula: 统计期内首次联系诉求人的工单从派单到首次联系的小时数的中位数（按首次联系时间，含节假日）
-- basis: completed
-- exclusions: 退单成功、不予受理、并单、作废
-- unit: 小时
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 33358-2016《政府热线服务规范》；街道热线工作口径
-- owner: 热线办
-- kind: median
-- rows: hotline_order
-- platforms: hotline_12345
-- classes: hotline
SELECT
  c.source AS source,
  c.order_no AS key,
  CAST(c.first_contact_at AS DATE) AS on_day,
  CASE
    WHEN c.first_contact_at = CAST(CAST(c.first_contact_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.first_contact_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  0 AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.dispatched_at, c.first_contact_at) AS DOUBLE) / 3600 AS value,
  c.withdrawn AS excluded_reason,
  c.first_contact_at AS on_at
FROM mart.hotline_case AS c
WHERE c.first_contact_at IS NOT NULL AND c.dispatched_at IS NOT NULL
