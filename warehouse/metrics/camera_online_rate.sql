-- camera_online_rate: 摄像机在线率
-- formula: 统计期内全部摄像机在线分钟数之和÷应在线分钟数之和，按每日状态变化累计，截至当日该平台最后一次状态上报
-- basis: moment
-- exclusions: 从未上报过状态的；当日该平台无任何状态上报的日子
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GA/T 1741《视频应用系统检测》；雪亮工程运维口径
-- owner: 综治中心
-- kind: rate
-- platforms: camera_street, camera_district
SELECT
  c.source AS source,
  c.camera_no AS key,
  c.on_day AS on_day,
  CAST(NULL AS INTEGER) AS on_hour,
  c.at_community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.of_unit AS unit,
  c.of_industry AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  c.online_min AS num,
  c.service_min AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.on_day AS TIMESTAMP) AS on_at
FROM mart.camera_day AS c
