-- enforcement_matter: 执法案件的公共口径，立案起一行一案：领域和案由、决定期限、何时了结；不含金额，不分人和中队（行政处罚法第七十四条）
-- grain: source, key
-- reads: core.enforcement_case, core.dim_unit_alias
-- owner: 城管中队
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  e.source AS source,
  e.case_no AS key,
  e.filed_at AS opened_at,
  CASE
    WHEN e.procedure = '简易程序' THEN NULL
    ELSE CAST(COALESCE(e.decision_due_on, CAST(e.filed_at AS DATE) + 90) AS TIMESTAMP)
      + INTERVAL '86399' SECOND
  END AS due_at,
  CASE
    WHEN e.procedure = '简易程序' OR e.decided_at IS NOT NULL THEN NULL
    ELSE CAST(COALESCE(e.decision_due_on, CAST(e.filed_at AS DATE) + 90) AS TIMESTAMP)
      + INTERVAL '86399' SECOND
  END AS limit_at,
  e.closed_at AS closed_at,
  e.closed_at AS ended_at,
  CASE WHEN e.decided_at IS NULL AND e.state IN ('移送', '撤案') THEN e.state ELSE NULL END AS withdrawn,
  e.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  COALESCE(a.name, e.squad) AS handler,
  CASE
    WHEN e.domain IS NULL THEN e.cause
    WHEN e.cause IS NULL THEN e.domain
    ELSE CONCAT(e.domain, '/', e.cause)
  END AS class_path,
  e.state AS state,
  0 AS hidden,
  e.decided_at AS decided_at,
  e.procedure AS procedure,
  e.recorded AS recorded,
  e.published_at AS published_at,
  e.appeal AS appeal,
  CASE WHEN e.state = '移送' OR e.result = '移送' THEN 1 ELSE 0 END AS is_transferred
FROM core.enforcement_case AS e
LEFT JOIN core.dim_unit_alias AS a ON a.alias = e.squad
WHERE e.filed_at IS NOT NULL
