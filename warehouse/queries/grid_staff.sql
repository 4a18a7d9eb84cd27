-- grid_staff: 某日各社区网格员：应在岗、在岗（在线满 60 分钟）、有巡查的、走访户数、上报数
-- params: $on_day
-- platforms: grid_event
-- wall: yes
SELECT
  d.community_code AS community,
  coalesce(p.name, d.community_code) AS community_name,
  count(*) FILTER (WHERE d.expected) AS expected,
  count(*) FILTER (WHERE d.expected AND d.online_minutes >= 60) AS on_duty,
  count(*) FILTER (WHERE d.track_km > 0) AS patrolled,
  coalesce(sum(d.visits), 0) AS visits,
  coalesce(sum(d.reports), 0) AS reports
FROM core.grid_duty AS d
LEFT JOIN core.dim_community AS p ON p.code = d.community_code
WHERE d.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND d.on_day = CAST($on_day AS DATE)
GROUP BY d.community_code, coalesce(p.name, d.community_code)
ORDER BY d.community_code
