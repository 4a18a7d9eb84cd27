-- mediation_flow: 每条线期初在办、受理、完结、剔出、期末在办，五数相抵为零
-- params: $first, $last, $as_of
-- platforms: mediation
-- within: community m.community, grid m.grid, unit m.unit, class m.class_path
-- wall: yes
WITH ours AS (
  SELECT m.*
  FROM mart.mediation_matter AS m
  WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
    AND m.accepted_at <= CAST($as_of AS TIMESTAMP)
    AND $within
),
ended AS (
  SELECT
    o.line AS line,
    o.accepted_at AS accepted_at,
    o.withdrawn AS withdrawn,
    CASE WHEN o.ended_at <= CAST($as_of AS TIMESTAMP) THEN o.ended_at ELSE NULL END AS ended_at
  FROM ours AS o
)
SELECT
  l.line AS line,
  count(*) FILTER (
    WHERE e.accepted_at < CAST($first AS DATE)
    AND (e.ended_at IS NULL OR e.ended_at >= CAST($first AS DATE))
  ) AS opening,
  count(*) FILTER (
    WHERE CAST(e.accepted_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  ) AS accepted,
  count(*) FILTER (
    WHERE e.withdrawn IS NULL
    AND CAST(e.ended_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  ) AS closed,
  count(*) FILTER (
    WHERE e.withdrawn IS NOT NULL
    AND CAST(e.ended_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  ) AS withdrawn,
  count(*) FILTER (
    WHERE CAST(e.accepted_at AS DATE) <= CAST($last AS DATE)
    AND (e.ended_at IS NULL OR CAST(e.ended_at AS DATE) > CAST($last AS DATE))
  ) AS open
FROM (VALUES ('centre'), ('unit')) AS l(line)
LEFT JOIN ended AS e ON e.line = l.line
GROUP BY l.line
ORDER BY l.line
