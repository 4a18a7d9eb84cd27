-- land_check_on_time_rate: 图斑及时核查率
-- formula: 核查时限（派单后 48 小时）在统计期内且已到期的图斑中，不晚于时限完成现场核查的比例；未核查的留在分母
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《城乡规划法》第六十四至六十八条；控违工作口径
-- owner: 城管中队
-- kind: rate
-- rows: land_clue
-- platforms: land_watch
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.check_due_at AS DATE) AS on_day,
  CASE
    WHEN c.check_due_at = CAST(CAST(c.check_due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.check_due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.checked_at <= c.check_due_at THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.check_due_at AS on_at,
  c.check_due_at AS due_at
FROM mart.land_matter AS c
WHERE c.check_due_at IS NOT NULL
