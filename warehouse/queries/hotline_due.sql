-- hotline_due: 在办热线工单中，时限落在统计期内的件数（已过时限的另计）
-- params: $first, $last, $as_of
-- platforms: hotline_12345
-- wall: yes
SELECT
  count(*) AS due,
  count(*) FILTER (WHERE h.due_at < CAST($as_of AS TIMESTAMP)) AS passed
FROM mart.hotline_case AS h
WHERE h.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND h.received_at <= CAST($as_of AS TIMESTAMP)
  AND (h.ended_at IS NULL OR h.ended_at > CAST($as_of AS TIMESTAMP))
  AND CAST(h.due_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
