-- hazard_matter: 安全生产和消防隐患的公共口径，一行一处：等级、整改期限、何时复查销号
-- grain: source, key
-- reads: core.safety_hazard
-- owner: 应急办
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  h.source AS source,
  h.hazard_no AS key,
  h.found_at AS opened_at,
  CAST(h.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS due_at,
  CAST(h.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS limit_at,
  CASE WHEN h.passed THEN COALESCE(h.rechecked_at, h.fixed_at) ELSE NULL END AS closed_at,
  CASE WHEN h.passed THEN COALESCE(h.rechecked_at, h.fixed_at) ELSE NULL END AS ended_at,
  CAST(NULL AS VARCHAR) AS withdrawn,
  h.community_code AS community,
  h.grid_code AS grid,
  h.unit AS handler,
  h.category AS class_path,
  h.state AS state,
  0 AS hidden,
  h.fixed_at AS fixed_at,
  h.grade AS grade
FROM core.safety_hazard AS h
WHERE h.found_at IS NOT NULL
