-- gauge_over_warning: 超警戒站数
-- formula: 期末（当日为数据截至时刻）水位达到或超过当日有效警戒水位的测站数；站点中断不算解除
-- basis: accepted
-- exclusions: 未设警戒水位的站不会超警戒，仍计入站数
-- unit: 站
-- polarity: down
-- small_n: 0
-- version: 1
-- changed: 2026-11-23
-- document: 水情预警信号；config/thresholds.toml（按生效日期）
-- owner: 区水务局
-- scope: street
-- kind: level
-- platforms: gauge
SELECT
  g.source AS source,
  g.station AS key,
  CAST(g.from_at AS DATE) AS on_day,
  CAST(EXTRACT(HOUR FROM g.from_at) AS INTEGER) AS on_hour,
  d.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CAST(NULL AS VARCHAR) AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  g.is_over AS num,
  1 - g.is_over AS den,
  CAST(g.is_over AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  g.from_at AS on_at,
  CAST(g.from_at AS DATE) AS from_day,
  CAST(g.until_at AS DATE) AS until_day,
  g.from_at AS from_at,
  g.until_at AS until_at
FROM mart.gauge_spell AS g
LEFT JOIN core.dim_station AS d ON d.code = g.station
