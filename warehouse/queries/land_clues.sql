-- land_clues: 统计期内发现的和仍在办的图斑，一行一处：坐标、面积、阶段（疑似、核查、属实、拆除、销号）
-- params: $first, $last, $limit
-- platforms: land_watch
-- wall: no
SELECT
  m.key AS clue_no,
  l.lng AS lng,
  l.lat AS lat,
  l.area_m2 AS area_m2,
  m.class_path AS change_type,
  l.origin AS origin,
  m.community AS community,
  coalesce(p.name, m.community) AS community_name,
  m.grid AS grid,
  m.handler AS unit,
  m.line AS line,
  CASE
    WHEN m.closed_at IS NOT NULL THEN '销号'
    WHEN m.demolished_at IS NOT NULL THEN '拆除'
    WHEN m.is_unlawful = 1 THEN '属实'
    WHEN m.checked_at IS NOT NULL THEN '核查'
    ELSE '疑似'
  END AS stage,
  m.state AS state,
  l.verdict AS verdict,
  m.opened_at AS found_at,
  m.check_due_at AS check_due_at,
  m.checked_at AS checked_at,
  m.demolished_at AS demolished_at,
  m.closed_at AS cleared_at,
  m.rebuilt AS rebuilt,
  l.flight_no AS flight_no,
  l.flight_before AS flight_before
FROM mart.land_matter AS m
JOIN core.land_clue AS l ON l.source = m.source AND l.clue_no = m.key
LEFT JOIN core.dim_community AS p ON p.code = m.community
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND (m.closed_at IS NULL
    OR CAST(m.opened_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE))
ORDER BY m.closed_at IS NOT NULL, m.opened_at DESC, m.key
LIMIT CAST($limit AS BIGINT)
