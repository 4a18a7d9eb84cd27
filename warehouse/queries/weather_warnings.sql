-- weather_warnings: 生效中的气象预警，红橙黄蓝为序
-- scope: street
-- params: $as_of
-- platforms: weather
-- wall: yes
SELECT
  w.warning_no AS warning_no,
  w.kind AS kind,
  w.level AS level,
  CASE w.level WHEN '红' THEN 1 WHEN '橙' THEN 2 WHEN '黄' THEN 3 WHEN '蓝' THEN 4 ELSE 5 END AS rank,
  w.issued_at AS issued_at,
  w.ends_at AS ends_at,
  w.state AS state,
  w.summary AS summary,
  w.updated_at AS updated_at
FROM core.weather_warning AS w
WHERE w.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
  AND coalesce(w.state, '') <> '解除'
  AND w.issued_at <= CAST($as_of AS TIMESTAMP)
  AND (w.ends_at IS NULL OR w.ends_at > CAST($as_of AS TIMESTAMP))
ORDER BY rank, w.issued_at DESC
