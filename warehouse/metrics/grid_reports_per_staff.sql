-- grid_reports_per_staff: 网格员人均上报
-- formula: 统计期内在岗人日的上报件数÷在岗人日；应在岗且当日在线满 60 分钟为在岗
-- basis: moment
-- exclusions: 不在岗的人日
-- unit: 件/人日
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 34300-2017《城乡社区网格化服务管理规范》；网格办工作口径
-- owner: 网格办
-- kind: mean
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
  COALESCE(c.reports, 0) AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.on_day AS TIMESTAMP) AS on_at
FROM core.grid_duty AS c
WHERE c.expected AND c.online_minutes >= 60
