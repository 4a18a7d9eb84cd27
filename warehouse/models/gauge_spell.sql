-- gauge_spell: 每站自首条水位起的观测期，以及每次超警戒的起止；中断不算解除
-- grain: source, station, from_at, is_over
-- reads: mart.gauge_edge
-- owner: 区水务局
-- check not_null: source, station, from_at, is_over
-- check unique: source, station, from_at, is_over
-- check no_rows: until_at <= from_at
SELECT
  s.source AS source,
  s.station AS station,
  s.is_over AS is_over,
  s.observed_at AS from_at,
  CASE WHEN s.is_over = 1 THEN s.next_at ELSE NULL END AS until_at
FROM (
  SELECT
    c.source AS source,
    c.station AS station,
    c.is_over AS is_over,
    c.observed_at AS observed_at,
    prev(c.observed_at, 1) OVER (
      PARTITION BY c.source, c.station ORDER BY c.observed_at DESC
    ) AS next_at
  FROM (
    SELECT
      e.source AS source,
      e.station AS station,
      e.is_over AS is_over,
      e.observed_at AS observed_at,
      prev(e.is_over, 1) OVER (
        PARTITION BY e.source, e.station ORDER BY e.observed_at
      ) AS was_over
    FROM mart.gauge_edge AS e
  ) AS c
  WHERE c.was_over IS NULL OR c.was_over <> c.is_over
) AS s
WHERE s.is_over = 1
UNION ALL
SELECT
  f.source AS source,
  f.station AS station,
  0 AS is_over,
  MIN(f.observed_at) AS from_at,
  CAST(NULL AS TIMESTAMP) AS until_at
FROM mart.gauge_edge AS f
GROUP BY f.source, f.station
