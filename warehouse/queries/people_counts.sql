-- people_counts: 截至某日最近一次统计的各社区各类人口和房屋；少于 5 的不公布，为空
-- params: $last
-- platforms: population_stat
-- wall: yes
SELECT
  p.community AS community,
  coalesce(c.name, p.community) AS community_name,
  p.line AS category_code,
  CAST(p.from_at AS DATE) AS counted_on,
  CASE WHEN p.withheld IS NULL THEN p.amount END AS quantity,
  p.withheld IS NOT NULL AS suppressed
FROM mart.population_spell AS p
LEFT JOIN core.dim_community AS c ON c.code = p.community
WHERE p.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND CAST(p.from_at AS DATE) <= CAST($last AS DATE)
  AND (p.until_at IS NULL OR CAST(p.until_at AS DATE) > CAST($last AS DATE))
ORDER BY p.line, p.community
