-- enforcement_corrected_rate: 复议诉讼纠错率
-- formula: 统计期内作出决定、经复议或诉讼审结的案件中被纠正的比例（按决定时间）
-- basis: completed
-- exclusions: 没有复议和诉讼的
-- unit: %
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《行政处罚法》（2021）；执法工作口径
-- owner: 城管中队
-- kind: rate
-- rows: enforcement_case
-- platforms: enforcement
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.decided_at AS DATE) AS on_day,
  CASE
    WHEN c.decided_at = CAST(CAST(c.decided_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.decided_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.appeal IN ('复议纠正', '诉讼纠正') THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.decided_at AS on_at
FROM mart.enforcement_matter AS c
WHERE c.decided_at IS NOT NULL AND c.appeal IN ('复议维持', '复议纠正', '诉讼维持', '诉讼纠正')
