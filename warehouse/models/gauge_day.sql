-- gauge_day: 每站每日一行：当日最后一条的水位、1 小时涨幅、1 小时和 24 小时雨量，当日最高最低
-- grain: source, station, on_day
-- reads: core.gauge_reading
-- owner: 区水务局
-- partition: on_day
-- spread: 1
-- looks_back: core.gauge_reading observed_at 1
-- check not_null: source, station, on_day, observed_at
-- check unique: source, station, on_day
SELECT
  a.source AS source,
  a.station AS station,
  a.on_day AS on_day,
  n.observed_at AS observed_at,
  n.level_m AS level_m,
  a.high_m AS high_m,
  a.low_m AS low_m,
  n.level_m - b.level_m AS rise_1h_m,
  a.rain_1h_mm AS rain_1h_mm,
  a.rain_24h_mm AS rain_24h_mm,
  a.rain_day_mm AS rain_day_mm,
  a.readings AS readings
FROM (
  SELECT
    l.source AS source,
    l.station AS station,
    l.on_day AS on_day,
    l.last_at AS last_at,
    MAX(l.day_high_m) AS high_m,
    MAX(l.day_low_m) AS low_m,
    MAX(l.day_rain_mm) AS rain_day_mm,
    MAX(l.day_readings) AS readings,
    MAX(CASE WHEN p.level_m IS NOT NULL AND p.observed_at <= l.last_at - INTERVAL '1' HOUR
      AND p.observed_at >= l.last_at - INTERVAL '2' HOUR THEN p.observed_at END) AS hour_before_at,
    SUM(CASE WHEN p.observed_at > l.last_at - INTERVAL '1' HOUR
      AND p.observed_at <= l.last_at THEN p.rain_mm END) AS rain_1h_mm,
    SUM(CASE WHEN p.observed_at > l.last_at - INTERVAL '24' HOUR
      AND p.observed_at <= l.last_at THEN p.rain_mm END) AS rain_24h_mm
  FROM (
    SELECT
      r.source AS source,
      r.station AS station,
      CAST(r.observed_at AS DATE) AS on_day,
      COALESCE(
        MAX(CASE WHEN r.level_m IS NOT NULL THEN r.observed_at END),
        MAX(r.observed_at)
      ) AS last_at,
      MAX(r.level_m) AS day_high_m,
      MIN(r.level_m) AS day_low_m,
      SUM(r.rain_mm) AS day_rain_mm,
      COUNT(*) AS day_readings
    FROM core.gauge_reading AS r
    GROUP BY r.source, r.station, CAST(r.observed_at AS DATE)
  ) AS l
  JOIN (
    SELECT
      q.source AS source,
      q.station AS station,
      CAST(q.observed_at AS DATE) AS for_day,
      q.observed_at AS observed_at,
      q.level_m AS level_m,
      q.rain_mm AS rain_mm
    FROM core.gauge_reading AS q
    UNION ALL
    SELECT
      y.source AS source,
      y.station AS station,
      CAST(y.observed_at AS DATE) + 1 AS for_day,
      y.observed_at AS observed_at,
      y.level_m AS level_m,
      y.rain_mm AS rain_mm
    FROM core.gauge_reading AS y
  ) AS p
    ON p.source = l.source
    AND p.station = l.station
    AND p.for_day = l.on_day
  GROUP BY l.source, l.station, l.on_day, l.last_at
) AS a
JOIN core.gauge_reading AS n
  ON n.source = a.source
  AND n.station = a.station
  AND n.observed_at = a.last_at
LEFT JOIN core.gauge_reading AS b
  ON b.source = a.source
  AND b.station = a.station
  AND b.observed_at = a.hour_before_at
