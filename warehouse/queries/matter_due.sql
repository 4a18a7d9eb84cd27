-- matter_due: 任一主题在办件中，时限落在统计期内的件数（已过时限的另计）
-- params: $subject, $first, $last, $as_of
-- subjects: hotline hotline_case hotline_12345 hotline, mediation mediation_matter mediation mediation, grid grid_matter grid_event grid, urban urban_matter urban_case urban, linkage linkage_matter linkage linkage, whistle whistle_matter whistle whistle, land land_matter land_watch land, enforcement enforcement_matter enforcement enforcement, petition petition_matter petition petition, peoples_mediation peoples_mediation_matter peoples_mediation mediation, police police_matter police_110 police, hazard hazard_matter safety_hazard hazard, service service_matter gov_service service
-- wall: yes
SELECT
  count(*) AS due,
  count(*) FILTER (WHERE m.limit_at < CAST($as_of AS TIMESTAMP)) AS passed
FROM mart.$subject AS m
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND m.opened_at <= CAST($as_of AS TIMESTAMP)
  AND (m.ended_at IS NULL OR m.ended_at > CAST($as_of AS TIMESTAMP))
  AND CAST(m.limit_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
