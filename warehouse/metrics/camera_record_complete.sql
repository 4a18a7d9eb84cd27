-- camera_record_complete: 一机一档完整
-- formula: 名称、类型、行业、归属单位、社区、安装地址、经纬度、摄像机类型都已填写的摄像机数；分母为全部登记的摄像机；按最近一次目录，不随时段变
-- basis: accepted
-- exclusions: 无
-- unit: 路
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: DB3708/T 7-2022 一机一档分组；雪亮工程运维口径
-- owner: 综治中心
-- kind: level
-- platforms: camera_street, camera_district
SELECT
  c.source AS source,
  c.camera_no AS key,
  CAST(c.from_at AS DATE) AS on_day,
  CASE
    WHEN c.from_at = CAST(CAST(c.from_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.from_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.unit AS unit,
  c.industry AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  c.is_complete AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.from_at AS on_at,
  CAST(c.from_at AS DATE) AS from_day,
  CAST(CAST(NULL AS TIMESTAMP) AS DATE) AS until_day,
  c.from_at AS from_at,
  CAST(NULL AS TIMESTAMP) AS until_at
FROM mart.camera_record AS c
