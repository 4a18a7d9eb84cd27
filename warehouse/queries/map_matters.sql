-- map_matters: 在办的网格事件和城管案件各在何处，一行一件；地点留到约 100 米
-- params: $as_of
-- platforms: grid_event, urban_case
-- wall: no
SELECT
  m.layer AS layer,
  m.source AS source,
  m.number AS number,
  m.matter AS matter,
  m.community AS community,
  m.grid AS grid,
  m.unit AS unit,
  m.state AS state,
  m.due_at AS due_at,
  m.lng AS lng,
  m.lat AS lat
FROM (
  SELECT
    'grid' AS layer,
    g.source AS source,
    g.event_no AS number,
    e.class_name AS matter,
    g.community AS community,
    g.grid AS grid,
    g.handler AS unit,
    g.state AS state,
    g.due_at AS due_at,
    e.lng AS lng,
    e.lat AS lat
  FROM mart.grid_matter AS g
  JOIN core.grid_event AS e ON e.source = g.source AND e.event_no = g.event_no
  WHERE g.reported_at <= CAST($as_of AS TIMESTAMP)
    AND (g.ended_at IS NULL OR g.ended_at > CAST($as_of AS TIMESTAMP))
    AND g.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  UNION ALL
  SELECT
    'urban' AS layer,
    u.source AS source,
    u.case_no AS number,
    c.class_name AS matter,
    u.community AS community,
    u.grid AS grid,
    u.unit AS unit,
    u.state AS state,
    u.due_at AS due_at,
    c.lng AS lng,
    c.lat AS lat
  FROM mart.urban_matter AS u
  JOIN core.urban_case AS c ON c.source = u.source AND c.case_no = u.case_no
  WHERE u.reported_at <= CAST($as_of AS TIMESTAMP)
    AND (u.ended_at IS NULL OR u.ended_at > CAST($as_of AS TIMESTAMP))
    AND u.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
) AS m
ORDER BY m.due_at NULLS LAST, m.number
