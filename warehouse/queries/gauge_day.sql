-- gauge_day: 每站每日最高、最低、末次水位和日雨量
-- scope: street
-- params: $first, $last
-- platforms: gauge
-- wall: yes
SELECT
  g.station AS station,
  s.name AS name,
  s.river AS river,
  g.on_day AS on_day,
  g.observed_at AS observed_at,
  g.level_m AS level_m,
  g.high_m AS high_m,
  g.low_m AS low_m,
  g.rain_day_mm AS rain_day_mm,
  g.readings AS readings,
  l.warning AS warning,
  g.high_m - l.warning AS over_warning_m
FROM mart.gauge_day AS g
LEFT JOIN core.dim_station AS s ON s.code = g.station
LEFT JOIN core.dim_level AS l
  ON l.station = g.station
  AND g.on_day >= l.valid_from
  AND (l.valid_until IS NULL OR g.on_day < l.valid_until)
WHERE g.on_day BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  AND g.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
ORDER BY g.on_day, s.name
