-- gauge_latest: 每站最新水位、1 小时涨幅、雨量，与当日有效的设防、警戒、保证、历史最高水位
-- scope: street
-- params: $as_of
-- platforms: gauge
-- wall: yes
SELECT
  s.code AS station,
  s.name AS name,
  s.river AS river,
  s.kind AS kind,
  s.community AS community,
  s.lng AS lng,
  s.lat AS lat,
  s.datum AS datum,
  d.source AS source,
  d.observed_at AS observed_at,
  d.level_m AS level_m,
  d.rise_1h_m AS rise_1h_m,
  d.rain_1h_mm AS rain_1h_mm,
  d.rain_24h_mm AS rain_24h_mm,
  l.patrol AS patrol,
  l.warning AS warning,
  l.guarantee AS guarantee,
  l.record AS record,
  l.warning - d.level_m AS to_warning_m
FROM core.dim_station AS s
LEFT JOIN (
  SELECT
    g.*,
    ROW_NUMBER() OVER (PARTITION BY g.station ORDER BY g.source) AS place
  FROM mart.gauge_day AS g
  JOIN (
    SELECT
      h.station AS station,
      MAX(h.on_day) AS on_day
    FROM mart.gauge_day AS h
    WHERE h.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
    GROUP BY h.station
  ) AS n ON n.station = g.station AND n.on_day = g.on_day
  WHERE g.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
) AS d ON d.station = s.code AND d.place = 1
LEFT JOIN core.dim_level AS l
  ON l.station = s.code
  AND CAST($as_of AS DATE) >= l.valid_from
  AND (l.valid_until IS NULL OR CAST($as_of AS DATE) < l.valid_until)
ORDER BY to_warning_m NULLS LAST, s.name
