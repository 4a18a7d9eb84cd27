-- peoples_mediation_matter: 人民调解卷宗的公共口径，一行一卷：调委会、结果、协议履行和司法确认
-- grain: source, key
-- reads: core.peoples_mediation_case
-- owner: 司法所
-- kind: view
-- check_day: opened_at
-- check not_null: source, key, opened_at
-- check unique: source, key
-- check no_rows: ended_at < opened_at
SELECT
  m.source AS source,
  m.case_no AS key,
  m.accepted_at AS opened_at,
  m.due_at AS due_at,
  m.due_at AS limit_at,
  m.settled_at AS closed_at,
  m.settled_at AS ended_at,
  CAST(NULL AS VARCHAR) AS withdrawn,
  m.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  m.committee AS handler,
  m.type_code AS class_path,
  m.state AS state,
  0 AS hidden,
  m.result AS result,
  m.agreement_kind AS agreement_kind,
  m.perform_due_on AS perform_due_on,
  m.performed AS performed,
  m.confirm_applied_on AS confirm_applied_on,
  m.confirm_result AS confirm_result,
  m.became_crime AS became_crime
FROM core.peoples_mediation_case AS m
WHERE m.accepted_at IS NOT NULL
