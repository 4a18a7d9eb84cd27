-- platform_fresh: 平台在线数
-- formula: 数据截至时刻在两个采集周期内成功采集过的平台数；分母为已接入的平台数
-- basis: accepted
-- exclusions: 停用的平台
-- unit: 个
-- polarity: up
-- small_n: 0
-- version: 1
-- changed: 2026-11-23
-- document: design 平台状态灯口径：2 个采集周期内为新鲜
-- owner: 指挥中心
-- scope: street
-- kind: level
SELECT
  s.source AS source,
  s.platform AS key,
  CAST(s.from_at AS DATE) AS on_day,
  CAST(EXTRACT(HOUR FROM s.from_at) AS INTEGER) AS on_hour,
  CAST(NULL AS VARCHAR) AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CAST(NULL AS VARCHAR) AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  s.is_fresh AS num,
  1 - s.is_fresh AS den,
  CAST(s.is_fresh AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  s.from_at AS on_at,
  CAST(s.from_at AS DATE) AS from_day,
  CAST(s.until_at AS DATE) AS until_day,
  s.from_at AS from_at,
  s.until_at AS until_at
FROM mart.fresh_spell AS s
