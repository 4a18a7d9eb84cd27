-- camera_seen: 摄像机状态变化的全部历史，供某日之前的状态查用（camera_state 按日截取）
-- grain: source, camera_no, changed_at
-- reads: mart.camera_state
-- owner: 综治中心
-- kind: view
-- check_day: changed_at
-- check not_null: source, camera_no, changed_at
-- check unique: source, camera_no, changed_at
SELECT
  c.source AS source,
  c.camera_no AS camera_no,
  c.changed_at AS changed_at,
  c.state AS state,
  c.community AS community,
  c.unit AS unit,
  c.industry AS industry
FROM mart.camera_state AS c
