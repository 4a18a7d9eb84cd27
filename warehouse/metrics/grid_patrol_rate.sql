-- grid_patrol_rate: 网格巡查覆盖率
-- formula: 统计期内应在岗的网格日中，当日有巡查轨迹的比例；一格一日计一次
-- basis: moment
-- exclusions: 不应在岗的网格日
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: rate
-- rows: grid_duty
-- platforms: grid_event
SELECT
  c.source AS source,
  CONCAT(CAST(c.on_day AS VARCHAR), '/', c.staff_no) AS key,
  c.on_day AS on_day,
  CAST(NULL AS INTEGER) AS on_hour,
  c.community_code AS community,
  c.grid_code AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  c.staff_kind AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.track_km > 0 THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.on_day AS TIMESTAMP) AS on_at
FROM core.grid_duty AS c
WHERE c.expected
