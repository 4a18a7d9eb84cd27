-- service_matter: 便民服务中心办件的公共口径，一行一件：承诺时限、何时办结、好差评
-- grain: source, key
-- reads: core.service_case
-- owner: 便民服务中心
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  s.source AS source,
  s.case_no AS key,
  s.accepted_at AS opened_at,
  s.due_at AS due_at,
  s.due_at AS limit_at,
  s.closed_at AS closed_at,
  s.closed_at AS ended_at,
  CAST(NULL AS VARCHAR) AS withdrawn,
  s.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  '便民服务中心' AS handler,
  CASE
    WHEN s.theme IS NULL THEN s.item_name
    ELSE CONCAT(s.theme, '/', s.item_name)
  END AS class_path,
  s.state AS state,
  0 AS hidden,
  s.result AS result,
  s.rating AS rating,
  s.rated_at AS rated_at,
  s.amended_at AS amended_at,
  s.wait_minutes AS wait_minutes,
  s.channel AS channel
FROM core.service_case AS s
WHERE s.accepted_at IS NOT NULL
