-- enforcement_stages: 在办执法案件按所处阶段的件数，其中决定期限剩 10 天以内和已过的
-- params: $as_of
-- platforms: enforcement
-- wall: yes
SELECT
  m.state AS stage,
  count(*) AS cases,
  count(*) FILTER (
    WHERE m.limit_at >= CAST($as_of AS TIMESTAMP)
    AND m.limit_at < CAST($as_of AS TIMESTAMP) + INTERVAL '10' DAY
  ) AS due_soon,
  count(*) FILTER (WHERE m.limit_at < CAST($as_of AS TIMESTAMP)) AS overdue
FROM mart.enforcement_matter AS m
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND m.ended_at IS NULL
GROUP BY m.state
ORDER BY count(*) DESC, m.state
