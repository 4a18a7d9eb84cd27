-- camera_counts: 各平台、归属单位、社区的摄像机：登记路数、此刻在线路数、最早离线时间
-- params: none
-- platforms: camera_street, camera_district
-- wall: yes
SELECT
  c.platform AS platform,
  c.owner AS owner,
  c.community_code AS community,
  coalesce(p.name, c.community_code) AS community_name,
  count(*) AS registered,
  count(*) FILTER (WHERE c.state = '在线') AS online,
  min(c.changed_at) FILTER (WHERE c.state = '离线') AS oldest_off_at
FROM (
  SELECT 'camera_street' AS platform, a.source, a.owner, a.community_code, a.state, a.changed_at
  FROM core.street_camera AS a
  UNION ALL
  SELECT 'camera_district' AS platform, b.source, b.owner, b.community_code, b.state, b.changed_at
  FROM core.district_camera AS b
) AS c
LEFT JOIN core.dim_community AS p ON p.code = c.community_code
WHERE c.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
GROUP BY c.platform, c.owner, c.community_code, coalesce(p.name, c.community_code)
ORDER BY c.platform, c.owner, c.community_code
