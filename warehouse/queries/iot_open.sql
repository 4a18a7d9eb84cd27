-- iot_open: 尚未恢复的物联报警，按发生时间从早到晚
-- params: $limit
-- platforms: iot_device
-- wall: yes
SELECT
  e.event_no AS event_no,
  e.device_no AS device_no,
  e.kind AS kind,
  e.event AS event,
  e.level AS level,
  e.community_code AS community,
  coalesce(p.name, e.community_code) AS community_name,
  e.occurred_at AS occurred_at,
  e.confirmed_at AS confirmed_at,
  e.state AS state,
  count(*) OVER () AS total
FROM core.iot_event AS e
LEFT JOIN core.dim_community AS p ON p.code = e.community_code
WHERE e.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND e.recovered_at IS NULL
ORDER BY e.occurred_at, e.event_no
LIMIT CAST($limit AS BIGINT)
