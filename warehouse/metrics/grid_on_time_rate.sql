-- grid_on_time_rate: 网格按期处置率
-- formula: 按期处置数÷应处置数：处置时限在统计期内且已到期的事件中，不晚于时限处置的比例；未处置的留在分母
-- basis: due
-- exclusions: 作废、无效上报
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: rate
-- rows: grid_event
-- platforms: grid_event
-- classes: grid
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND COALESCE(c.handled_at, c.closed_at) <= c.due_at THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.grid_matter AS c
WHERE c.due_at IS NOT NULL
