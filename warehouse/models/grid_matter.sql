-- grid_matter: 网格事件的公共口径，一行一件：地点、类别路径、谁处置、何时了结、因何剔出
-- grain: source, key
-- reads: core.grid_event
-- owner: 网格办
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  g.source AS source,
  g.event_no AS key,
  g.reported_at AS opened_at,
  g.due_at AS due_at,
  g.due_at AS limit_at,
  g.closed_at AS closed_at,
  CASE
    WHEN g.state = '作废' OR g.valid = FALSE
      THEN COALESCE(g.closed_at, g.accepted_at, g.reported_at)
    ELSE g.closed_at
  END AS ended_at,
  CASE
    WHEN g.state = '作废' THEN '作废'
    WHEN g.valid = FALSE THEN '无效上报'
    ELSE NULL
  END AS withdrawn,
  g.community_code AS community,
  g.grid_code AS grid,
  CASE WHEN g.unit IS NULL AND g.self_handled THEN '网格自处置' ELSE g.unit END AS handler,
  CASE
    WHEN g.class_code IS NULL THEN g.class_name
    WHEN LENGTH(g.class_code) > 2 THEN CONCAT(SUBSTRING(g.class_code, 1, 2), '/', g.class_code)
    ELSE g.class_code
  END AS class_path,
  g.state AS state,
  0 AS hidden,
  g.handled_at AS handled_at,
  g.self_handled AS self_handled,
  g.valid AS valid,
  CASE WHEN g.lng IS NULL OR g.lat IS NULL OR g.class_code IS NULL THEN 0 ELSE 1 END AS placed
FROM core.grid_event AS g
WHERE g.reported_at IS NOT NULL
