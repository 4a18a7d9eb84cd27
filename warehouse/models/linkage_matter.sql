-- linkage_matter: 联动单的公共口径，一行一单：来源、主办单位、何时办结、因何剔出
-- grain: source, key
-- reads: core.linkage_order
-- owner: 综治中心
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  o.source AS source,
  o.dispatch_no AS key,
  o.created_at AS opened_at,
  o.due_at AS due_at,
  o.due_at AS limit_at,
  o.closed_at AS closed_at,
  CASE
    WHEN o.state = '作废' OR o.close_kind = '作废' THEN COALESCE(o.closed_at, o.created_at)
    ELSE o.closed_at
  END AS ended_at,
  CASE WHEN o.state = '作废' OR o.close_kind = '作废' THEN '作废' ELSE NULL END AS withdrawn,
  o.community_code AS community,
  o.grid_code AS grid,
  o.main_unit AS handler,
  o.category AS class_path,
  o.state AS state,
  0 AS hidden,
  o.sign_due_at AS sign_due_at,
  o.signed_at AS signed_at,
  o.source_platform AS source_platform,
  o.dispatched_at AS dispatched_at,
  o.returned AS returned
FROM core.linkage_order AS o
WHERE o.created_at IS NOT NULL
