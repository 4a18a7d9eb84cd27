-- enforcement_money: 罚没金额（台账）
-- formula: 统计期内作出的决定所定的罚款、没收违法所得之和（按决定时间）；只作台账列示，不分人、不分中队，不用于考核排名
-- basis: completed
-- exclusions: 无
-- unit: 元
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《行政处罚法》（2021）；执法工作口径
-- owner: 城管中队
-- kind: sum
-- platforms: enforcement
-- lines: fine 罚款, gain 没收违法所得
SELECT
  c.source AS source,
  CONCAT(c.case_no, '/', k.line) AS key,
  CAST(c.decided_at AS DATE) AS on_day,
  CASE
    WHEN c.decided_at = CAST(CAST(c.decided_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.decided_at) AS INTEGER)
  END AS on_hour,
  CAST(NULL AS VARCHAR) AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  c.domain AS class_path,
  k.line AS line,
  1 AS num,
  1 AS den,
  CASE WHEN k.line = 'fine' THEN COALESCE(c.fine_yuan, 0) ELSE COALESCE(c.gain_yuan, 0) END AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.decided_at AS on_at
FROM core.enforcement_case AS c
CROSS JOIN (SELECT 'fine' AS line UNION ALL SELECT 'gain' AS line) AS k
WHERE c.decided_at IS NOT NULL
  AND CASE WHEN k.line = 'fine' THEN c.fine_yuan ELSE c.gain_yuan END > 0
