-- whistle_call: 吹哨后每个被吹部门的环节，一行一部门：签收、联系、报到是否按时；退哨的另记
-- grain: source, whistle_no, department
-- reads: core.whistle_department, core.whistle
-- owner: 指挥中心
-- kind: view
-- check_day: blown_at
-- check not_null: source, whistle_no, department, blown_at
-- check unique: source, whistle_no, department
SELECT
  d.source AS source,
  d.whistle_no AS whistle_no,
  d.department AS department,
  CONCAT(d.whistle_no, '/', d.department) AS key,
  d.blown_at AS blown_at,
  d.sign_due_at AS sign_due_at,
  d.signed_at AS signed_at,
  d.contact_due_at AS contact_due_at,
  d.contacted_at AS contacted_at,
  d.report_due_at AS report_due_at,
  d.arrived_at AS arrived_at,
  d.done_at AS done_at,
  d.effort_score AS effort_score,
  w.community_code AS community,
  w.class_name AS class_path,
  CASE WHEN w.close_kind = '退哨' OR w.state = '退哨' THEN '退哨' ELSE NULL END AS withdrawn
FROM core.whistle_department AS d
LEFT JOIN core.whistle AS w ON w.source = d.source AND w.whistle_no = d.whistle_no
WHERE d.blown_at IS NOT NULL
