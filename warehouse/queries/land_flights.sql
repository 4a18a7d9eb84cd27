-- land_flights: 最近的航次：飞行时间、覆盖面积、照片数、对比航次、疑似图斑数
-- params: $limit
-- scope: street
-- platforms: land_watch
-- wall: yes
SELECT
  f.flight_no AS flight_no,
  f.flown_at AS flown_at,
  f.area_km2 AS area_km2,
  f.photos AS photos,
  f.compared_with AS compared_with,
  f.spots AS spots,
  f.state AS state
FROM core.land_flight AS f
WHERE f.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
ORDER BY f.flown_at DESC
LIMIT CAST($limit AS BIGINT)
