-- whistle_matter: 吹哨的公共口径，一行一哨：何时吹响、何时销哨、是否解决；退哨的另记
-- grain: source, whistle_no
-- reads: core.whistle
-- owner: 指挥中心
-- kind: view
-- check_day: drafted_at
-- check not_null: source, whistle_no, drafted_at
-- check unique: source, whistle_no
-- check no_rows: closed_at < blown_at
SELECT
  w.source AS source,
  w.whistle_no AS whistle_no,
  w.drafted_at AS drafted_at,
  w.blown_at AS blown_at,
  w.report_due_at AS report_due_at,
  w.closed_at AS closed_at,
  w.community_code AS community,
  w.class_name AS class_path,
  w.kind AS kind,
  w.resolved AS resolved,
  w.score AS score,
  CASE WHEN w.close_kind = '退哨' OR w.state = '退哨' THEN '退哨' ELSE NULL END AS withdrawn,
  w.state AS state
FROM core.whistle AS w
WHERE w.drafted_at IS NOT NULL
