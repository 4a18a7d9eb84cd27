-- report_gauge: 每站一段时间的最高（含时间）、最低、末次和首日8时水位，以及累计雨量
-- scope: street
-- params: $from_at, $until_at
-- platforms: gauge
-- wall: no
SELECT
  r.station AS station,
  MAX(r.level_m) AS highest_m,
  MIN(r.level_m) AS lowest_m,
  MIN(CASE WHEN r.high_place = 1 THEN r.observed_at END) AS highest_at,
  MAX(CASE WHEN r.last_place = 1 THEN r.level_m END) AS last_m,
  MAX(CASE WHEN r.last_place = 1 THEN r.observed_at END) AS last_at,
  MAX(CASE WHEN r.morning_place = 1 THEN r.morning_m END) AS start_m,
  SUM(r.rain_mm) AS rain_mm
FROM (
  SELECT
    g.station AS station,
    g.observed_at AS observed_at,
    g.level_m AS level_m,
    g.rain_mm AS rain_mm,
    CASE
      WHEN g.observed_at <= CAST($from_at AS TIMESTAMP) + INTERVAL '8' HOUR
        AND g.observed_at > CAST($from_at AS TIMESTAMP) + INTERVAL '7' HOUR THEN g.level_m
      ELSE NULL
    END AS morning_m,
    ROW_NUMBER() OVER (
      PARTITION BY g.station
      ORDER BY CASE WHEN g.level_m IS NULL THEN 1 ELSE 0 END, g.level_m DESC, g.observed_at
    ) AS high_place,
    ROW_NUMBER() OVER (
      PARTITION BY g.station
      ORDER BY CASE WHEN g.level_m IS NULL THEN 1 ELSE 0 END, g.observed_at DESC
    ) AS last_place,
    ROW_NUMBER() OVER (
      PARTITION BY g.station
      ORDER BY
        CASE
          WHEN g.level_m IS NOT NULL
            AND g.observed_at <= CAST($from_at AS TIMESTAMP) + INTERVAL '8' HOUR THEN 0
          ELSE 1
        END,
        g.observed_at DESC
    ) AS morning_place
  FROM core.gauge_reading AS g
  WHERE g.observed_at > CAST($from_at AS TIMESTAMP)
    AND g.observed_at <= CAST($until_at AS TIMESTAMP)
    AND g.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
) AS r
GROUP BY r.station
ORDER BY r.station
