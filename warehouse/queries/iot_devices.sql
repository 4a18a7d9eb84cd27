-- iot_devices: 各类物联设备：近 7 日出现过的台数、2 小时内有心跳的台数
-- params: $as_of
-- scope: street
-- platforms: iot_device
-- wall: yes
SELECT
  b.kind AS kind,
  count(*) AS devices,
  count(*) FILTER (WHERE b.last_at > CAST($as_of AS TIMESTAMP) - INTERVAL '2' HOUR) AS alive
FROM (
  SELECT t.source, t.device_no, max(t.kind) AS kind, max(t.beat_at) AS last_at
  FROM core.iot_beat AS t
  WHERE t.beat_at > CAST($as_of AS TIMESTAMP) - INTERVAL '7' DAY
  GROUP BY t.source, t.device_no
) AS b
WHERE b.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
GROUP BY b.kind
ORDER BY b.kind
