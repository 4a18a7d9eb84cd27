-- enforcement_on_time_rate: 按期作出决定率
-- formula: 决定期限（立案起九十日）在统计期内且已到期的普通程序案件中，不晚于期限作出决定的比例；未决定的留在分母
-- basis: due
-- exclusions: 简易程序；决定前移送、撤案
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《行政处罚法》（2021）第六十条；执法工作口径
-- owner: 城管中队
-- kind: rate
-- rows: enforcement_case
-- platforms: enforcement
-- spread: 90
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.decided_at <= c.due_at THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.enforcement_matter AS c
WHERE c.due_at IS NOT NULL
