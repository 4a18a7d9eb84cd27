-- service_items: 统计期内受理的政务办件按主题和事项：受理、办结、按时办结、评价数、好评数、等候中位数
-- params: $first, $last
-- platforms: gov_service
-- wall: yes
SELECT
  string_split(m.class_path, '/')[1] AS theme,
  string_split(m.class_path, '/')[-1] AS item,
  count(*) AS accepted,
  count(m.closed_at) AS closed,
  count(*) FILTER (WHERE m.closed_at <= m.due_at) AS on_time,
  count(m.rating) AS rated,
  count(*) FILTER (WHERE m.rating >= 3) AS good,
  median(m.wait_minutes) AS wait_min
FROM mart.service_matter AS m
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND CAST(m.opened_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
GROUP BY ALL
ORDER BY count(*) DESC, theme, item
