-- urban_matter: 数字城管案件的公共口径，一行一案：地点、类别路径、何时了结、因何剔出
-- grain: source, key
-- reads: core.urban_case
-- owner: 城管中队
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  u.source AS source,
  u.case_no AS key,
  u.reported_at AS opened_at,
  u.due_at AS due_at,
  CASE WHEN u.state = '挂账' THEN NULL ELSE u.due_at END AS limit_at,
  u.closed_at AS closed_at,
  CASE
    WHEN u.state IN ('不予立案', '作废') THEN COALESCE(u.closed_at, u.accepted_at, u.reported_at)
    ELSE u.closed_at
  END AS ended_at,
  CASE WHEN u.state IN ('不予立案', '作废') THEN u.state ELSE NULL END AS withdrawn,
  u.community_code AS community,
  u.grid_code AS grid,
  u.unit AS handler,
  CASE
    WHEN u.class_code IS NULL THEN u.class_name
    WHEN LENGTH(u.class_code) > 3 THEN CONCAT(SUBSTRING(u.class_code, 1, 3), '/', u.class_code)
    ELSE u.class_code
  END AS class_path,
  u.state AS state,
  0 AS hidden,
  u.filed_at AS filed_at,
  u.dispatched_at AS dispatched_at,
  u.handled_at AS handled_at,
  u.rework_num AS rework_num,
  u.back_num AS back_num,
  u.delay_num AS delay_num,
  u.accepted_at AS accepted_at,
  CASE WHEN u.accepted_at IS NOT NULL OR u.state IN ('不予立案', '作废') THEN 1 ELSE 0 END AS is_judged
FROM core.urban_case AS u
WHERE u.reported_at IS NOT NULL
