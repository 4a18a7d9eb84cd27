-- weather_hours: 截至某时刻的若干小时逐时雨量和气温（每站每小时最后一条）
-- scope: street
-- params: $since, $until
-- platforms: weather
-- wall: yes
SELECT
  h.station AS station,
  h.hour_at AS hour_at,
  h.observed_at AS observed_at,
  h.rain_1h_mm AS rain_1h_mm,
  h.temp_c AS temp_c
FROM (
  SELECT
    r.station AS station,
    date_trunc('hour', r.observed_at - INTERVAL '1' SECOND) + INTERVAL '1' HOUR AS hour_at,
    r.observed_at AS observed_at,
    r.rain_1h_mm AS rain_1h_mm,
    r.temp_c AS temp_c,
    ROW_NUMBER() OVER (
      PARTITION BY r.station, date_trunc('hour', r.observed_at - INTERVAL '1' SECOND)
      ORDER BY r.observed_at DESC
    ) AS place
  FROM core.weather_reading AS r
  WHERE r.observed_at > CAST($since AS TIMESTAMP)
    AND r.observed_at <= CAST($until AS TIMESTAMP)
    AND r.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
) AS h
WHERE h.place = 1
ORDER BY h.hour_at, h.station
