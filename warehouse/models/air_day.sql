-- air_day: 每个空气站每日一行：PM2.5 有效小时值的个数和平均
-- grain: source, key, on_day
-- reads: core.env_reading
-- owner: 环保办
-- partition: on_day
-- looks_back: core.env_reading observed_at 0
-- check not_null: source, key, on_day
-- check unique: source, key, on_day
SELECT
  r.source AS source,
  CONCAT(r.station, '/', CAST(CAST(r.observed_at AS DATE) AS VARCHAR)) AS key,
  CAST(r.observed_at AS DATE) AS on_day,
  MAX(r.community_code) AS at_community,
  COUNT(r.value) AS valid_hours,
  AVG(r.value) AS mean_value
FROM core.env_reading AS r
WHERE r.item = 'a34004' AND r.span = '小时'
GROUP BY r.source, r.station, CAST(r.observed_at AS DATE)
