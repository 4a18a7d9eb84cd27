-- hotline_case: 热线工单的公共口径，一行一单：地点、类别路径、何时了结、因何剔出
-- grain: source, order_no
-- reads: core.hotline_order
-- owner: 热线办
-- kind: view
-- check_day: received_at
-- check not_null: source, order_no, received_at
-- check unique: source, order_no
-- check no_rows: ended_at < received_at
SELECT
  o.source AS source,
  o.order_no AS order_no,
  o.order_no AS key,
  o.received_at AS opened_at,
  o.received_at AS received_at,
  o.due_at AS due_at,
  o.due_at AS limit_at,
  o.closed_at AS closed_at,
  o.revisit_at AS revisit_at,
  o.dispatched_at AS dispatched_at,
  o.sign_due_at AS sign_due_at,
  o.signed_at AS signed_at,
  o.first_contact_at AS first_contact_at,
  o.due_original_at AS due_original_at,
  o.rework_no AS rework_no,
  o.community_code AS community,
  o.grid_code AS grid,
  o.unit_main AS unit,
  o.unit_main AS handler,
  CASE
    WHEN o.class_code IS NULL THEN o.class_name
    WHEN LENGTH(o.class_code) = 6
      THEN CONCAT(SUBSTRING(o.class_code, 1, 2), '/', SUBSTRING(o.class_code, 1, 4), '/', o.class_code)
    WHEN LENGTH(o.class_code) = 4 THEN CONCAT(SUBSTRING(o.class_code, 1, 2), '/', o.class_code)
    ELSE o.class_code
  END AS class_path,
  CASE
    WHEN o.merged_into IS NOT NULL OR o.close_kind = '并单' THEN '并单'
    WHEN o.close_kind IN ('退单', '退单成功') OR o.state IN ('已退单', '退单成功') THEN '退单成功'
    WHEN o.close_kind = '不予受理' OR o.state = '不予受理' THEN '不予受理'
    WHEN o.close_kind = '作废' OR o.state = '作废' THEN '作废'
    ELSE NULL
  END AS withdrawn,
  CASE
    WHEN o.closed_at IS NOT NULL THEN o.closed_at
    WHEN o.merged_into IS NOT NULL
      OR o.close_kind IN ('并单', '退单', '退单成功', '不予受理', '作废')
      OR o.state IN ('已退单', '退单成功', '不予受理', '作废') THEN o.received_at
    ELSE NULL
  END AS ended_at,
  o.state AS state,
  CASE WHEN o.secret OR POSITION('敏感' IN o.tags) > 0 THEN 1 ELSE 0 END AS hidden,
  o.caller_hash AS caller_hash,
  o.req_type AS req_type,
  o.contacted AS contacted,
  o.resolved AS resolved,
  o.satisfaction AS satisfaction,
  o.excluded AS excluded
FROM core.hotline_order AS o
WHERE o.received_at IS NOT NULL
