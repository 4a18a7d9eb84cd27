-- hotline_repeat: 30 天内的重复诉求：同一来电人，或同一网格同一三级类别，此前 30 天内已有工单
-- grain: source, order_no
-- reads: core.hotline_order
-- owner: 热线办
-- partition: received_on
-- spread: 30
-- looks_back: core.hotline_order received_at 30
-- check not_null: source, order_no, received_on
-- check unique: source, order_no
SELECT
  r.source AS source,
  r.order_no AS order_no,
  r.received_on AS received_on,
  r.received_at AS received_at
FROM (
  SELECT
    o.source AS source,
    o.order_no AS order_no,
    o.received_at AS received_at,
    CAST(o.received_at AS DATE) AS received_on,
    CASE WHEN o.caller_hash IS NULL THEN NULL ELSE prev(o.received_at, 1) OVER (
      PARTITION BY o.source, o.caller_hash ORDER BY o.received_at, o.order_no
    ) END AS same_caller_at,
    CASE WHEN o.grid_code IS NULL OR o.class_code IS NULL THEN NULL ELSE prev(o.received_at, 1) OVER (
      PARTITION BY o.source, o.grid_code, o.class_code ORDER BY o.received_at, o.order_no
    ) END AS same_matter_at
  FROM core.hotline_order AS o
  WHERE o.received_at IS NOT NULL
) AS r
WHERE r.same_caller_at >= r.received_at - INTERVAL '30' DAY
  OR r.same_matter_at >= r.received_at - INTERVAL '30' DAY
