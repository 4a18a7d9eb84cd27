-- pump_sound_rate: 泵站完好率
-- formula: 统计期内泵站各次监测中无故障的比例；通信中断、断电均算故障
-- basis: moment
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 泵站闸门运行管理口径
-- owner: 水务站
-- kind: rate
-- platforms: pump_gate
-- scope: street
SELECT
  c.source AS source,
  c.key AS key,
  c.on_day AS on_day,
  CAST(NULL AS INTEGER) AS on_hour,
  CAST(NULL AS VARCHAR) AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CAST(NULL AS VARCHAR) AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  c.sound AS num,
  c.readings AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(c.on_day AS TIMESTAMP) AS on_at
FROM mart.pump_day AS c
