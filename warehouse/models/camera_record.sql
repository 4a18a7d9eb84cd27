-- camera_record: 每路登记的摄像机的一机一档：必填项是否都已填写，按最近一次目录，不随时段变
-- grain: source, camera_no
-- reads: core.street_camera, core.district_camera
-- owner: 综治中心
-- check not_null: source, camera_no, from_at
-- check unique: source, camera_no
SELECT
  r.source AS source,
  r.camera_no AS camera_no,
  r.community AS community,
  r.unit AS unit,
  r.industry AS industry,
  TIMESTAMP '2000-01-01 00:00:00' AS from_at,
  r.is_complete AS is_complete
FROM (
  SELECT
    a.source AS source,
    a.camera_no AS camera_no,
    a.community_code AS community,
    a.owner AS unit,
    a.industry AS industry,
    CASE
      WHEN a.name IS NULL OR a.kind IS NULL OR a.industry IS NULL OR a.owner IS NULL
        OR a.community_code IS NULL OR a.address IS NULL OR a.lng IS NULL OR a.lat IS NULL
        OR a.ptz IS NULL THEN 0
      ELSE 1
    END AS is_complete
  FROM core.street_camera AS a
  UNION ALL
  SELECT
    b.source AS source,
    b.camera_no AS camera_no,
    b.community_code AS community,
    b.owner AS unit,
    b.industry AS industry,
    CASE
      WHEN b.name IS NULL OR b.kind IS NULL OR b.industry IS NULL OR b.owner IS NULL
        OR b.community_code IS NULL OR b.address IS NULL OR b.lng IS NULL OR b.lat IS NULL
        OR b.ptz IS NULL THEN 0
      ELSE 1
    END AS is_complete
  FROM core.district_camera AS b
) AS r
