-- civil_applied: 民政申请量
-- formula: 统计期内受理的民政服务申请数（按申请日期）
-- basis: accepted
-- exclusions: 无
-- unit: 件
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 民政服务工作口径
-- owner: 民政办
-- kind: count
-- rows: civil_service
-- platforms: civil_affairs
SELECT
  c.source AS source,
  c.service_no AS key,
  c.applied_on AS on_day,
  CAST(NULL AS INTEGER) AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  '民政办' AS unit,
  c.kind AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.applied_on AS TIMESTAMP) AS on_at
FROM core.civil_service AS c
WHERE c.applied_on IS NOT NULL
