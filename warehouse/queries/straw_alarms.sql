-- straw_alarms: 统计期内的高空瞭望报警，含坐标和处置情况
-- params: $first, $last, $limit
-- platforms: straw_fire
-- wall: yes
SELECT
  a.alarm_no AS alarm_no,
  a.kind AS kind,
  a.level AS level,
  a.tower_name AS tower_name,
  a.alarmed_at AS alarmed_at,
  a.lng AS lng,
  a.lat AS lat,
  a.community_code AS community,
  coalesce(p.name, a.community_code) AS community_name,
  a.unit AS unit,
  a.confirmed_at AS confirmed_at,
  a.handled_at AS handled_at,
  a.burnt_m2 AS burnt_m2,
  a.state AS state,
  count(*) OVER () AS total
FROM core.straw_fire_alarm AS a
LEFT JOIN core.dim_community AS p ON p.code = a.community_code
WHERE a.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND CAST(a.alarmed_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
ORDER BY a.alarmed_at DESC, a.alarm_no
LIMIT CAST($limit AS BIGINT)
