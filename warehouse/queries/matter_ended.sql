-- matter_ended: 任一主题统计期内了结的件，办结的或剔出的，逐件列出；与 matter_flow 的本期办结、剔出同一口径
-- params: $subject, $first, $last, $as_of, $withdrawn, $limit
-- subjects: hotline hotline_case hotline_12345 hotline, mediation mediation_matter mediation mediation, grid grid_matter grid_event grid, urban urban_matter urban_case urban, linkage linkage_matter linkage linkage, whistle whistle_matter whistle whistle, land land_matter land_watch land, enforcement enforcement_matter enforcement enforcement, petition petition_matter petition petition, peoples_mediation peoples_mediation_matter peoples_mediation mediation, police police_matter police_110 police, hazard hazard_matter safety_hazard hazard, service service_matter gov_service service
-- within: community m.community, grid m.grid, unit m.handler, class m.class_path, line m.line
-- wall: no
SELECT
  m.source AS source,
  m.key AS number,
  coalesce(c.name, string_split(m.class_path, '/')[-1]) AS class_name,
  m.community AS community,
  m.handler AS unit,
  m.ended_at AS ended_at,
  m.withdrawn AS reason,
  count(*) OVER () AS total
FROM mart.$subject AS m
LEFT JOIN core.dim_class AS c
  ON c.domain = '$domain' AND c.code = string_split(m.class_path, '/')[-1]
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND m.opened_at <= CAST($as_of AS TIMESTAMP)
  AND m.ended_at <= CAST($as_of AS TIMESTAMP)
  AND CAST(m.ended_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
  AND (m.withdrawn IS NOT NULL) = CAST($withdrawn AS BOOLEAN)
  AND $within
ORDER BY m.ended_at DESC, m.key
LIMIT CAST($limit AS BIGINT)
