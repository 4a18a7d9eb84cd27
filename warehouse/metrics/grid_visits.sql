-- grid_visits: 网格走访户数
-- formula: 统计期内网格员走访的户次之和
-- basis: moment
-- exclusions: 无
-- unit: 户次
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: sum
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
  CASE WHEN c.visits > 0 THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(COALESCE(c.visits, 0) AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.on_day AS TIMESTAMP) AS on_at
FROM core.grid_duty AS c
