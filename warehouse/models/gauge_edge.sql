-- gauge_edge: 每站每日首条水位，以及当日内越过或退出警戒水位的每条水位（按当日有效的警戒值）
-- grain: source, station, observed_at
-- reads: core.gauge_reading, core.dim_level
-- owner: 区水务局
-- partition: on_day
-- looks_back: core.gauge_reading observed_at 0
-- check not_null: source, station, on_day, observed_at, is_over
-- check unique: source, station, observed_at
SELECT
  e.source AS source,
  e.station AS station,
  e.on_day AS on_day,
  e.observed_at AS observed_at,
  e.level_m AS level_m,
  e.warning_m AS warning_m,
  e.is_over AS is_over
FROM (
  SELECT
    w.source AS source,
    w.station AS station,
    w.on_day AS on_day,
    w.observed_at AS observed_at,
    w.level_m AS level_m,
    w.warning_m AS warning_m,
    w.is_over AS is_over,
    prev(w.is_over, 1) OVER (
      PARTITION BY w.source, w.station, w.on_day ORDER BY w.observed_at
    ) AS was_over
  FROM (
    SELECT
      r.source AS source,
      r.station AS station,
      CAST(r.observed_at AS DATE) AS on_day,
      r.observed_at AS observed_at,
      r.level_m AS level_m,
      d.warning AS warning_m,
      CASE WHEN r.level_m >= d.warning THEN 1 ELSE 0 END AS is_over
    FROM core.gauge_reading AS r
    LEFT JOIN core.dim_level AS d
      ON d.station = r.station
      AND CAST(r.observed_at AS DATE) >= d.valid_from
      AND (d.valid_until IS NULL OR CAST(r.observed_at AS DATE) < d.valid_until)
    WHERE r.level_m IS NOT NULL
  ) AS w
) AS e
WHERE e.was_over IS NULL OR e.was_over <> e.is_over
