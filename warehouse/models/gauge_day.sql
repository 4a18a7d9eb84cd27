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
  l.source AS source,
  l.station AS station,
  l.on_day AS on_day,
  l.observed_at AS observed_at,
  l.level_m AS level_m,
  MAX(CASE WHEN p.on_day = l.on_day THEN p.level_m END) AS high_m,
  MIN(CASE WHEN p.on_day = l.on_day THEN p.level_m END) AS low_m,
  l.level_m - MAX(CASE WHEN p.observed_at = l.hour_before_at THEN p.level_m END) AS rise_1h_m,
  SUM(CASE WHEN p.observed_at > l.observed_at - INTERVAL '1' HOUR
    AND p.observed_at <= l.observed_at THEN p.rain_mm END) AS rain_1h_mm,
  SUM(CASE WHEN p.observed_at > l.observed_at - INTERVAL '24' HOUR
    AND p.observed_at <= l.observed_at THEN p.rain_mm END) AS rain_24h_mm,
  SUM(CASE WHEN p.on_day = l.on_day THEN p.rain_mm END) AS rain_day_mm,
  CAST(SUM(CASE WHEN p.on_day = l.on_day THEN 1 ELSE 0 END) AS BIGINT) AS readings
FROM (
  SELECT
    k.source AS source,
    k.station AS station,
    k.on_day AS on_day,
    k.observed_at AS observed_at,
    k.level_m AS level_m,
    MAX(h.observed_at) AS hour_before_at
  FROM (
    SELECT
      r.source AS source,
      r.station AS station,
      CAST(r.observed_at AS DATE) AS on_day,
      r.observed_at AS observed_at,
      r.level_m AS level_m,
      ROW_NUMBER() OVER (
        PARTITION BY r.source, r.station, CAST(r.observed_at AS DATE)
        ORDER BY CASE WHEN r.level_m IS NULL THEN 1 ELSE 0 END, r.observed_at DESC
      ) AS place
    FROM core.gauge_reading AS r
  ) AS k
  LEFT JOIN (
    SELECT
      g.source AS source,
      g.station AS station,
      g.observed_at AS observed_at
    FROM core.gauge_reading AS g
    WHERE g.level_m IS NOT NULL
  ) AS h
    ON h.source = k.source
    AND h.station = k.station
    AND h.observed_at <= k.observed_at - INTERVAL '1' HOUR
    AND h.observed_at >= k.observed_at - INTERVAL '2' HOUR
  WHERE k.place = 1
  GROUP BY k.source, k.station, k.on_day, k.observed_at, k.level_m
) AS l
JOIN (
  SELECT
    q.source AS source,
    q.station AS station,
    CAST(q.observed_at AS DATE) AS on_day,
    q.observed_at AS observed_at,
    q.level_m AS level_m,
    q.rain_mm AS rain_mm
  FROM core.gauge_reading AS q
) AS p
  ON p.source = l.source
  AND p.station = l.station
  AND p.on_day >= l.on_day - 1
  AND p.on_day <= l.on_day
GROUP BY l.source, l.station, l.on_day, l.observed_at, l.level_m, l.hour_before_at
