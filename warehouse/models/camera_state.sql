-- camera_state: 两个视频平台的摄像机状态变化，一行一次：自何时起在线或离线
-- grain: source, camera_no, changed_at
-- reads: core.street_camera, core.street_camera_version, core.district_camera, core.district_camera_version
-- owner: 综治中心
-- kind: view
-- check_day: changed_at
-- check not_null: source, camera_no, changed_at, state
-- check unique: source, camera_no, changed_at
-- check in_set: state in 在线, 离线
SELECT
  sh.source AS source,
  sh.camera_no AS camera_no,
  sh.changed_at AS changed_at,
  sh.state AS state,
  sh.community_code AS community,
  sh.owner AS unit,
  sh.industry AS industry
FROM core.street_camera_version AS sh
WHERE sh.changed_at IS NOT NULL
UNION ALL
SELECT
  sn.source AS source,
  sn.camera_no AS camera_no,
  sn.changed_at AS changed_at,
  sn.state AS state,
  sn.community_code AS community,
  sn.owner AS unit,
  sn.industry AS industry
FROM core.street_camera AS sn
WHERE sn.changed_at IS NOT NULL
UNION ALL
SELECT
  dh.source AS source,
  dh.camera_no AS camera_no,
  dh.changed_at AS changed_at,
  dh.state AS state,
  dh.community_code AS community,
  dh.owner AS unit,
  dh.industry AS industry
FROM core.district_camera_version AS dh
WHERE dh.changed_at IS NOT NULL
UNION ALL
SELECT
  dn.source AS source,
  dn.camera_no AS camera_no,
  dn.changed_at AS changed_at,
  dn.state AS state,
  dn.community_code AS community,
  dn.owner AS unit,
  dn.industry AS industry
FROM core.district_camera AS dn
WHERE dn.changed_at IS NOT NULL
