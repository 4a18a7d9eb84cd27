-- whistle_matter: 吹哨的公共口径，一行一哨：何时吹响、何时销哨、是否解决；退哨的另记
-- grain: source, key
-- reads: core.whistle
-- owner: 指挥中心
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  w.source AS source,
  w.whistle_no AS key,
  w.blown_at AS opened_at,
  w.report_due_at AS due_at,
  CASE WHEN w.state IN ('已吹哨', '已签收') THEN w.report_due_at ELSE NULL END AS limit_at,
  w.closed_at AS closed_at,
  w.closed_at AS ended_at,
  CASE WHEN w.close_kind = '退哨' OR w.state = '退哨' THEN '退哨' ELSE NULL END AS withdrawn,
  w.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS handler,
  w.class_name AS class_path,
  w.state AS state,
  0 AS hidden,
  w.kind AS kind,
  w.resolved AS resolved
FROM core.whistle AS w
WHERE w.blown_at IS NOT NULL
