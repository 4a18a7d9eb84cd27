-- grid_stages: 统计期内结案的网格事件各环节用时（分钟）：件数、中位数、九成件不超过
-- params: $first, $last
-- platforms: grid_event
-- wall: yes
WITH ended AS (
  SELECT u.reported_at AS reported_at, u.accepted_at AS accepted_at, u.assigned_at AS assigned_at, u.signed_at AS signed_at, u.handled_at AS handled_at, u.verified_at AS verified_at, u.closed_at AS closed_at
  FROM core.grid_event AS u
  WHERE u.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
    AND CAST(u.closed_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
),
steps AS (
  SELECT 1 AS step, '受理' AS stage,
    date_diff('second', e.reported_at, e.accepted_at) / 60.0 AS minutes
  FROM ended AS e WHERE e.reported_at IS NOT NULL AND e.accepted_at IS NOT NULL
  UNION ALL
  SELECT 2 AS step, '派遣' AS stage,
    date_diff('second', e.accepted_at, e.assigned_at) / 60.0 AS minutes
  FROM ended AS e WHERE e.accepted_at IS NOT NULL AND e.assigned_at IS NOT NULL
  UNION ALL
  SELECT 3 AS step, '签收' AS stage,
    date_diff('second', e.assigned_at, e.signed_at) / 60.0 AS minutes
  FROM ended AS e WHERE e.assigned_at IS NOT NULL AND e.signed_at IS NOT NULL
  UNION ALL
  SELECT 4 AS step, '处置' AS stage,
    date_diff('second', e.signed_at, e.handled_at) / 60.0 AS minutes
  FROM ended AS e WHERE e.signed_at IS NOT NULL AND e.handled_at IS NOT NULL
  UNION ALL
  SELECT 5 AS step, '核查' AS stage,
    date_diff('second', e.handled_at, e.verified_at) / 60.0 AS minutes
  FROM ended AS e WHERE e.handled_at IS NOT NULL AND e.verified_at IS NOT NULL
  UNION ALL
  SELECT 6 AS step, '结案' AS stage,
    date_diff('second', e.verified_at, e.closed_at) / 60.0 AS minutes
  FROM ended AS e WHERE e.verified_at IS NOT NULL AND e.closed_at IS NOT NULL
)
SELECT
  t.step AS step,
  t.stage AS stage,
  count(*) AS cases,
  quantile_cont(t.minutes, 0.5) AS median_min,
  quantile_cont(t.minutes, 0.9) AS p90_min
FROM steps AS t
GROUP BY t.step, t.stage
ORDER BY t.step
