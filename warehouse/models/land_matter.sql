-- land_matter: 控违图斑的公共口径，一行一处：是否核查、是否属实、新增还是存量、何时拆除和销号
-- grain: source, clue_no
-- reads: core.land_clue
-- owner: 城管中队
-- kind: view
-- check_day: found_at
-- check not_null: source, clue_no, found_at
-- check unique: source, clue_no
-- check no_rows: cleared_at < found_at
SELECT
  l.source AS source,
  l.clue_no AS clue_no,
  l.found_at AS found_at,
  l.dispatched_at AS dispatched_at,
  l.check_due_at AS check_due_at,
  l.checked_at AS checked_at,
  CASE
    WHEN l.verdict IS NULL THEN NULL
    WHEN l.verdict IN ('合法', '已批') THEN 0
    ELSE 1
  END AS is_unlawful,
  CASE
    WHEN l.verdict IS NULL OR l.verdict IN ('合法', '已批') THEN NULL
    WHEN l.is_new = FALSE OR l.verdict = '历史存量' THEN 'old'
    ELSE 'new'
  END AS line,
  l.demolished_at AS demolished_at,
  l.demolished_m2 AS demolished_m2,
  l.area_m2 AS area_m2,
  l.cleared_at AS cleared_at,
  l.rechecked_at AS rechecked_at,
  l.rebuilt AS rebuilt,
  l.community_code AS community,
  l.grid_code AS grid,
  l.unit AS unit,
  l.change_type AS class_path,
  l.verdict AS verdict,
  l.state AS state
FROM core.land_clue AS l
WHERE l.found_at IS NOT NULL
