-- report_weather: 一段时间的最高、最低气温
-- scope: street
-- params: $from_at, $until_at
-- platforms: weather
-- wall: no
SELECT
  MAX(w.temp_c) AS warm_c,
  MIN(w.temp_c) AS cold_c
FROM core.weather_reading AS w
WHERE w.observed_at >= CAST($from_at AS TIMESTAMP)
  AND w.observed_at <= CAST($until_at AS TIMESTAMP)
  AND w.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
