-- air_good_rate: PM2.5 达标率
-- formula: 统计期内各空气站的日均值中，PM2.5 不高于 75 µg/m³ 的比例；一站一日计一次，日均由有效小时值求得，不足 18 小时的不计
-- basis: moment
-- exclusions: 不足 18 个有效小时值的站日
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB 3095-2012《环境空气质量标准》二级：PM2.5 日均 75 µg/m³
-- owner: 环保办
-- kind: rate
-- platforms: environment
-- scope: street
SELECT
  c.source AS source,
  c.key AS key,
  c.on_day AS on_day,
  CAST(NULL AS INTEGER) AS on_hour,
  c.at_community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CAST(NULL AS VARCHAR) AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.valid_hours >= 18 AND c.mean_value <= 75 THEN 1 ELSE 0 END AS num,
  CASE WHEN c.valid_hours >= 18 THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.valid_hours >= 18 THEN NULL ELSE '有效小时不足' END AS excluded_reason,
  CAST(c.on_day AS TIMESTAMP) AS on_at
FROM mart.air_day AS c
