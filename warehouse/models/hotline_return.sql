-- hotline_return: 已审核的退单申请，一行一次：哪个单位申请、何时审核、驳回还是准许（改派、退单成功）
-- grain: source, order_no, seq
-- reads: core.hotline_event
-- owner: 热线办
-- partition: decided_on
-- spread: 30
-- looks_back: core.hotline_event occurred_at 30
-- check not_null: source, key, decided_on
-- check unique: source, key
SELECT
  r.source AS source,
  r.order_no AS order_no,
  r.seq AS seq,
  CONCAT(r.order_no, '/', CAST(r.seq AS VARCHAR)) AS key,
  r.decided_on AS decided_on,
  r.decided_at AS decided_at,
  r.asked_by AS asked_by,
  CASE WHEN r.action = '退单驳回' THEN 1 ELSE 0 END AS is_refused
FROM (
  SELECT
    e.source AS source,
    e.order_no AS order_no,
    e.seq AS seq,
    e.action AS action,
    e.from_state AS from_state,
    e.occurred_at AS decided_at,
    CAST(e.occurred_at AS DATE) AS decided_on,
    prev(e.unit, 1) OVER (PARTITION BY e.source, e.order_no ORDER BY e.occurred_at, e.seq) AS asked_by
  FROM core.hotline_event AS e
  WHERE e.occurred_at IS NOT NULL
    AND (e.to_state = '退单待审' OR e.from_state = '退单待审')
) AS r
WHERE r.from_state = '退单待审'
