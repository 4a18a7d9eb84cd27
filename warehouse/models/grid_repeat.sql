-- grid_repeat: 24 小时内的重复上报：同一处（坐标留到约 100 米）同一类别，此前 24 小时内已有上报
-- grain: source, key
-- reads: core.grid_event
-- owner: 网格办
-- partition: reported_on
-- spread: 1
-- looks_back: core.grid_event reported_at 1
-- check not_null: source, key, reported_on
-- check unique: source, key
SELECT
  r.source AS source,
  r.key AS key,
  r.reported_on AS reported_on,
  r.reported_at AS reported_at
FROM (
  SELECT
    g.source AS source,
    g.event_no AS key,
    g.reported_at AS reported_at,
    CAST(g.reported_at AS DATE) AS reported_on,
    prev(g.reported_at, 1) OVER (
      PARTITION BY g.source, g.lng, g.lat, g.class_code ORDER BY g.reported_at, g.event_no
    ) AS before_at
  FROM core.grid_event AS g
  WHERE g.reported_at IS NOT NULL
    AND g.lng IS NOT NULL
    AND g.lat IS NOT NULL
    AND g.class_code IS NOT NULL
) AS r
WHERE r.before_at >= r.reported_at - INTERVAL '24' HOUR
