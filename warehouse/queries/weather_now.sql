-- weather_now: 每个气象站最新一条实况
-- scope: street
-- params: none
-- platforms: weather
-- wall: yes
SELECT
  w.station AS station,
  w.observed_at AS observed_at,
  w.temp_c AS temp_c,
  w.humidity_pct AS humidity_pct,
  w.wind_ms AS wind_ms,
  w.wind_dir AS wind_dir,
  w.sky AS sky,
  w.rain_1h_mm AS rain_1h_mm,
  w.rain_24h_mm AS rain_24h_mm,
  w.next_6h_low_mm AS next_6h_low_mm,
  w.next_6h_high_mm AS next_6h_high_mm,
  w.updated_at AS updated_at
FROM (
  SELECT
    r.*,
    ROW_NUMBER() OVER (PARTITION BY r.station ORDER BY r.observed_at DESC) AS place
  FROM core.weather_reading AS r
  WHERE r.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
) AS w
WHERE w.place = 1
ORDER BY w.observed_at DESC
