-- map_plots: 尚未了结的控违图斑各在何处，一行一处；核查不属实的和已销号的不列
-- params: $as_of
-- platforms: land_watch
-- wall: no
SELECT
  l.source AS source,
  l.clue_no AS number,
  l.class_path AS matter,
  l.community AS community,
  l.grid AS grid,
  l.unit AS unit,
  l.state AS state,
  CASE WHEN l.checked_at IS NULL THEN l.check_due_at ELSE NULL END AS due_at,
  c.lng AS lng,
  c.lat AS lat
FROM mart.land_matter AS l
JOIN core.land_clue AS c ON c.source = l.source AND c.clue_no = l.clue_no
WHERE l.found_at <= CAST($as_of AS TIMESTAMP)
  AND (l.cleared_at IS NULL OR l.cleared_at > CAST($as_of AS TIMESTAMP))
  AND (l.is_unlawful IS NULL OR l.is_unlawful = 1)
  AND l.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
ORDER BY due_at NULLS LAST, l.clue_no
