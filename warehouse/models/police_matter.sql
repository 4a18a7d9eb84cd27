-- police_matter: 110 非警务警情的公共口径，一行一起：分流到哪、何时反馈、何时办结
-- grain: source, key
-- reads: core.police_call
-- owner: 综治中心
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  c.source AS source,
  c.alarm_no AS key,
  c.alarm_at AS opened_at,
  c.due_at AS due_at,
  CASE WHEN c.fed_back_at IS NULL THEN c.due_at ELSE NULL END AS limit_at,
  c.closed_at AS closed_at,
  c.closed_at AS ended_at,
  CAST(NULL AS VARCHAR) AS withdrawn,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.passed_to AS handler,
  CASE
    WHEN c.sub_kind IS NULL THEN c.kind
    ELSE CONCAT(c.kind, '/', c.sub_kind)
  END AS class_path,
  c.state AS state,
  0 AS hidden,
  c.is_dispute AS is_dispute,
  c.settled_on_spot AS settled_on_spot,
  c.fed_back_at AS fed_back_at
FROM core.police_call AS c
WHERE c.alarm_at IS NOT NULL
