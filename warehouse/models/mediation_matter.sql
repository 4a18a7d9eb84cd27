-- mediation_matter: 矛盾纠纷的公共口径，一行一件：条线、何时了结、因何剔出
-- grain: source, case_no
-- reads: core.mediation_case
-- owner: 矛调中心
-- kind: view
-- check_day: accepted_at
-- check not_null: source, case_no
-- check unique: source, case_no
SELECT
  m.source AS source,
  m.case_no AS case_no,
  m.case_no AS key,
  m.accepted_at AS opened_at,
  m.line AS line,
  m.accepted_at AS accepted_at,
  m.closed_at AS closed_at,
  m.due_at AS due_at,
  m.due_at AS limit_at,
  m.community_code AS community,
  m.grid_code AS grid,
  m.unit AS unit,
  m.unit AS handler,
  m.state AS state,
  0 AS hidden,
  m.type_code AS class_path,
  m.result AS result,
  m.close_kind AS close_kind,
  CASE
    WHEN m.close_kind IN ('并案', '撤回', '不予受理') THEN m.close_kind
    WHEN m.result = '撤回' THEN '撤回'
    WHEN m.state = '不予受理' THEN '不予受理'
    ELSE NULL
  END AS withdrawn,
  CASE
    WHEN m.closed_at IS NOT NULL THEN m.closed_at
    WHEN m.close_kind IN ('并案', '撤回', '不予受理') OR m.result = '撤回'
      OR m.state = '不予受理' THEN m.accepted_at
    ELSE NULL
  END AS ended_at
FROM core.mediation_case AS m
WHERE m.accepted_at IS NOT NULL
