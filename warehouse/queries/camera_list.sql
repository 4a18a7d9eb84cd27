-- camera_list: 摄像机点位和状态，离线的在前，按离线时长从长到短
-- params: $as_of, $limit
-- platforms: camera_street, camera_district
-- wall: yes
SELECT
  c.platform AS platform,
  c.camera_no AS camera_no,
  c.name AS name,
  c.owner AS owner,
  c.industry AS industry,
  c.community_code AS community,
  coalesce(p.name, c.community_code) AS community_name,
  c.lng AS lng,
  c.lat AS lat,
  c.state AS state,
  c.changed_at AS changed_at,
  CASE WHEN c.state = '离线'
    THEN CAST(epoch(CAST($as_of AS TIMESTAMP)) - epoch(c.changed_at) AS BIGINT) END AS offline_s,
  count(*) OVER () AS total
FROM (
  SELECT 'camera_street' AS platform, a.source, a.camera_no, a.name, a.owner, a.industry,
    a.community_code, a.lng, a.lat, a.state, a.changed_at
  FROM core.street_camera AS a
  UNION ALL
  SELECT 'camera_district' AS platform, b.source, b.camera_no, b.name, b.owner, b.industry,
    b.community_code, b.lng, b.lat, b.state, b.changed_at
  FROM core.district_camera AS b
) AS c
LEFT JOIN core.dim_community AS p ON p.code = c.community_code
WHERE c.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
ORDER BY c.state <> '离线', c.changed_at, c.camera_no
LIMIT CAST($limit AS BIGINT)
