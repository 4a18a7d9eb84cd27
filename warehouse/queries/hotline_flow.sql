-- hotline_flow: 热线期初在办、受理、办结、剔出、期末在办，五数相抵为零；期末超期
-- params: $first, $last, $as_of
-- platforms: hotline_12345
-- wall: yes
WITH ours AS (
  SELECT
    h.received_at AS received_at,
    h.due_at AS due_at,
    h.withdrawn AS withdrawn,
    CASE WHEN h.ended_at <= CAST($as_of AS TIMESTAMP) THEN h.ended_at ELSE NULL END AS ended_at
  FROM mart.hotline_case AS h
  WHERE h.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
    AND h.received_at <= CAST($as_of AS TIMESTAMP)
)
SELECT
  count(*) FILTER (
    WHERE o.received_at < CAST($first AS DATE)
    AND (o.ended_at IS NULL OR o.ended_at >= CAST($first AS DATE))
  ) AS opening,
  count(*) FILTER (
    WHERE CAST(o.received_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  ) AS received,
  count(*) FILTER (
    WHERE o.withdrawn IS NULL
    AND CAST(o.ended_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  ) AS closed,
  count(*) FILTER (
    WHERE o.withdrawn IS NOT NULL
    AND CAST(o.ended_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  ) AS withdrawn,
  count(*) FILTER (
    WHERE CAST(o.received_at AS DATE) <= CAST($last AS DATE)
    AND (o.ended_at IS NULL OR CAST(o.ended_at AS DATE) > CAST($last AS DATE))
  ) AS open,
  count(*) FILTER (
    WHERE CAST(o.received_at AS DATE) <= CAST($last AS DATE)
    AND (o.ended_at IS NULL OR CAST(o.ended_at AS DATE) > CAST($last AS DATE))
    AND o.due_at < least(CAST($last AS DATE) + INTERVAL '1' DAY, CAST($as_of AS TIMESTAMP))
  ) AS overdue
FROM ours AS o
