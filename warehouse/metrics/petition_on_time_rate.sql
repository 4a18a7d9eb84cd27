-- petition_on_time_rate: 信访按期办结率
-- formula: 办理期限（60 日，批准延期的至多再 30 日）在统计期内且已到期的信访件中，不晚于期限办结的比例；未办结的留在分母
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《信访工作条例》（2022）；信访办工作口径
-- owner: 信访办
-- kind: rate
-- rows: petition_case
-- platforms: petition
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
  CASE WHEN c.closed_at <= c.due_at THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.petition_matter AS c
WHERE c.due_at IS NOT NULL
