-- matter_recent: 任一主题最近新增的件，仅由编码组成；保密和敏感件不列
-- params: $subject, $as_of, $limit
-- subjects: hotline hotline_case hotline_12345 hotline, mediation mediation_matter mediation mediation, grid grid_matter grid_event grid, urban urban_matter urban_case urban, linkage linkage_matter linkage linkage, whistle whistle_matter whistle whistle, land land_matter land_watch land, enforcement enforcement_matter enforcement enforcement, petition petition_matter petition petition, peoples_mediation peoples_mediation_matter peoples_mediation mediation, police police_matter police_110 police, hazard hazard_matter safety_hazard hazard, service service_matter gov_service service
-- wall: yes
SELECT
  m.key AS number,
  string_split(m.class_path, '/')[-1] AS class_code,
  coalesce(c.name, string_split(m.class_path, '/')[-1]) AS class_name,
  m.community AS community,
  coalesce(p.name, m.community) AS community_name,
  m.grid AS grid,
  g.name AS grid_name,
  m.handler AS unit,
  m.state AS state,
  m.opened_at AS opened_at,
  m.limit_at AS due_at,
  m.closed_at AS closed_at,
  CAST(epoch(m.limit_at) - epoch(CAST($as_of AS TIMESTAMP)) AS BIGINT) AS left_s,
  m.ended_at IS NULL AND m.limit_at < CAST($as_of AS TIMESTAMP) AS is_overdue,
  count(*) OVER () AS total
FROM mart.$subject AS m
LEFT JOIN core.dim_class AS c
  ON c.domain = '$domain' AND c.code = string_split(m.class_path, '/')[-1]
LEFT JOIN core.dim_community AS p ON p.code = m.community
LEFT JOIN core.dim_grid AS g ON g.code = m.grid
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND m.opened_at <= CAST($as_of AS TIMESTAMP)
  AND coalesce(m.hidden, 0) = 0
ORDER BY m.opened_at DESC, m.key
LIMIT CAST($limit AS BIGINT)
