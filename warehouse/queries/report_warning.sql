-- report_warning: 一段时间内发布或仍然生效的气象预警
-- scope: street
-- params: $from_at, $until_at
-- platforms: weather
-- wall: no
SELECT
  w.warning_no AS warning_no,
  w.kind AS kind,
  w.level AS level,
  w.issued_at AS issued_at,
  w.ends_at AS ends_at,
  w.state AS state
FROM core.weather_warning AS w
WHERE w.issued_at < CAST($until_at AS TIMESTAMP)
  AND (w.issued_at >= CAST($from_at AS TIMESTAMP) OR w.ends_at > CAST($until_at AS TIMESTAMP))
  AND w.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
ORDER BY w.issued_at, w.warning_no
