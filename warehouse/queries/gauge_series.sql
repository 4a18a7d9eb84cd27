-- gauge_series: 一站一段时间的水位（每步最后一条）和雨量（每步合计）
-- scope: street
-- params: $station, $since, $until, $step_min
-- platforms: gauge
-- wall: yes
SELECT
  MAX(r.observed_at) AS observed_at,
  arg_max(r.level_m, r.observed_at) FILTER (WHERE r.level_m IS NOT NULL) AS level_m,
  MAX(r.level_m) AS high_m,
  SUM(r.rain_mm) AS rain_mm
FROM core.gauge_reading AS r
WHERE r.station = $station
  AND r.observed_at > CAST($since AS TIMESTAMP)
  AND r.observed_at <= CAST($until AS TIMESTAMP)
  AND r.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
GROUP BY
  (epoch(r.observed_at) - epoch(CAST($since AS TIMESTAMP)) - 1) // (60 * CAST($step_min AS BIGINT))
ORDER BY 1
