-- petition_matter: 信访件的公共口径，一行一件：责任单位、是否重复、何时办结
-- grain: source, key
-- reads: core.petition_case
-- owner: 信访办
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  p.source AS source,
  p.petition_no AS key,
  p.registered_at AS opened_at,
  p.due_at AS due_at,
  p.due_at AS limit_at,
  p.closed_at AS closed_at,
  p.closed_at AS ended_at,
  CAST(NULL AS VARCHAR) AS withdrawn,
  p.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  p.unit AS handler,
  p.topic AS class_path,
  p.state AS state,
  0 AS hidden,
  p.form AS form,
  p.repeated AS repeated,
  p.level AS visit_level,
  CASE
    WHEN p.level LIKE '%区%' OR p.level LIKE '%市%' OR p.level LIKE '%省%' OR p.level LIKE '%国%' THEN 1
    ELSE 0
  END AS is_upper,
  p.notify_due_at AS notify_due_at,
  p.accepted_at AS accepted_at
FROM core.petition_case AS p
WHERE p.registered_at IS NOT NULL
