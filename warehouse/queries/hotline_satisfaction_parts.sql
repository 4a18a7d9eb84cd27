-- hotline_satisfaction_parts: 统计期内回访的评价分档（按回访时间）
-- params: $first, $last
-- platforms: hotline_12345
-- wall: yes
SELECT
  coalesce(h.satisfaction, '未评价') AS satisfaction,
  count(*) AS n
FROM mart.hotline_case AS h
WHERE h.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND CAST(h.revisit_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
GROUP BY coalesce(h.satisfaction, '未评价')
ORDER BY n DESC
