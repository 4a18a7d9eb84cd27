-- camera_outage: 摄像机每次离线，一行一次：离线后 48 小时为修复时限，时限内是否恢复在线
-- grain: source, camera_no, from_at
-- reads: mart.camera_state
-- owner: 综治中心
-- partition: due_on
-- spread: 2
-- looks_back: mart.camera_state changed_at 2
-- check not_null: source, camera_no, from_at, due_on
-- check unique: source, camera_no, from_at
SELECT
  o.source AS source,
  o.camera_no AS camera_no,
  CONCAT(o.camera_no, '/', CAST(o.from_at AS VARCHAR)) AS key,
  o.community AS community,
  o.unit AS unit,
  o.industry AS industry,
  o.from_at AS from_at,
  o.repair_due_at AS repair_due_at,
  CAST(o.repair_due_at AS DATE) AS due_on,
  CASE WHEN o.back_at <= o.repair_due_at THEN 1 ELSE 0 END AS is_repaired
FROM (
  SELECT
    c.source AS source,
    c.camera_no AS camera_no,
    c.community AS community,
    c.unit AS unit,
    c.industry AS industry,
    c.state AS state,
    c.changed_at AS from_at,
    c.changed_at + INTERVAL '48' HOUR AS repair_due_at,
    MIN(CASE WHEN c.state = '在线' THEN c.changed_at ELSE NULL END) OVER (
      PARTITION BY c.source, c.camera_no ORDER BY c.changed_at DESC
    ) AS back_at
  FROM mart.camera_state AS c
) AS o
WHERE o.state = '离线'
