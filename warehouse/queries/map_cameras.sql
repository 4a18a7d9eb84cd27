-- map_cameras: 两个视频平台的摄像机各在何处、此刻在线还是离线，一行一路
-- params: none
-- platforms: camera_street, camera_district
-- wall: no
SELECT
  m.source AS source,
  m.number AS number,
  m.name AS name,
  m.community AS community,
  m.unit AS unit,
  m.state AS state,
  m.changed_at AS changed_at,
  m.lng AS lng,
  m.lat AS lat
FROM (
  SELECT
    s.source AS source,
    s.camera_no AS number,
    s.name AS name,
    s.community_code AS community,
    s.owner AS unit,
    s.state AS state,
    s.changed_at AS changed_at,
    s.lng AS lng,
    s.lat AS lat
  FROM core.street_camera AS s
  UNION ALL
  SELECT
    d.source AS source,
    d.camera_no AS number,
    d.name AS name,
    d.community_code AS community,
    d.owner AS unit,
    d.state AS state,
    d.changed_at AS changed_at,
    d.lng AS lng,
    d.lat AS lat
  FROM core.district_camera AS d
) AS m
WHERE m.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
ORDER BY m.state DESC, m.name, m.number
