-- camera_repair_on_time_rate: 摄像机修复及时率
-- formula: 离线满 48 小时的时点在统计期内且已到期的离线中，48 小时内恢复在线的比例；一次离线计一次，不足 48 小时已恢复的算及时
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GA/T 1741《视频应用系统检测》；雪亮工程运维口径
-- owner: 综治中心
-- kind: rate
-- platforms: camera_street, camera_district
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.repair_due_at AS DATE) AS on_day,
  CASE
    WHEN c.repair_due_at = CAST(CAST(c.repair_due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.repair_due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.unit AS unit,
  c.industry AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  c.is_repaired AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.repair_due_at AS on_at,
  c.repair_due_at AS due_at
FROM mart.camera_outage AS c
