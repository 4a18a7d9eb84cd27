-- pump_day: 每座泵站每日一行：监测次数、无故障次数
-- grain: source, key, on_day
-- reads: core.pump_reading
-- owner: 水务站
-- partition: on_day
-- looks_back: core.pump_reading observed_at 0
-- check not_null: source, key, on_day
-- check unique: source, key, on_day
SELECT
  p.source AS source,
  CONCAT(p.station, '/', CAST(CAST(p.observed_at AS DATE) AS VARCHAR)) AS key,
  CAST(p.observed_at AS DATE) AS on_day,
  COUNT(*) AS readings,
  SUM(CASE WHEN p.fault IS NULL THEN 1 ELSE 0 END) AS sound
FROM core.pump_reading AS p
GROUP BY p.source, p.station, CAST(p.observed_at AS DATE)
