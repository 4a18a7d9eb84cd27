-- land_matter: 控违图斑的公共口径，一行一处：是否核查、是否属实、新增还是存量、何时拆除和销号
-- grain: source, key
-- reads: core.land_clue
-- owner: 城管中队
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  l.source AS source,
  l.clue_no AS key,
  l.found_at AS opened_at,
  CASE WHEN l.checked_at IS NULL THEN l.check_due_at ELSE NULL END AS due_at,
  CASE WHEN l.checked_at IS NULL THEN l.check_due_at ELSE NULL END AS limit_at,
  l.cleared_at AS closed_at,
  l.cleared_at AS ended_at,
  CAST(NULL AS VARCHAR) AS withdrawn,
  l.community_code AS community,
  l.grid_code AS grid,
  l.unit AS handler,
  l.change_type AS class_path,
  l.state AS state,
  0 AS hidden,
  l.check_due_at AS check_due_at,
  l.checked_at AS checked_at,
  l.dispatched_at AS dispatched_at,
  l.area_m2 AS area_m2,
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
  CASE
    WHEN l.verdict IS NULL OR l.verdict IN ('合法', '已批') THEN 0
    WHEN l.is_new = FALSE OR l.verdict = '历史存量' THEN 0
    ELSE 1
  END AS counts_new,
  l.demolished_at AS demolished_at,
  l.demolished_m2 AS demolished_m2,
  CASE
    WHEN l.decided_at < l.demolished_at THEN DATE_DIFF('second', l.decided_at, l.demolished_at)
    ELSE 0
  END AS waited_s,
  l.rechecked_at AS rechecked_at,
  l.rebuilt AS rebuilt
FROM core.land_clue AS l
WHERE l.found_at IS NOT NULL
