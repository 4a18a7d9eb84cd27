-- matter_flow: 任一主题期初在办、新增、办结、剔出、期末在办，五数相抵为零；期末超期
-- params: $subject, $first, $last, $as_of
-- subjects: hotline hotline_case hotline_12345 hotline, mediation mediation_matter mediation mediation, grid grid_matter grid_event grid, urban urban_matter urban_case urban, linkage linkage_matter linkage linkage, whistle whistle_matter whistle whistle, land land_matter land_watch land, enforcement enforcement_matter enforcement enforcement, petition petition_matter petition petition, peoples_mediation peoples_mediation_matter peoples_mediation mediation, police police_matter police_110 police, hazard hazard_matter safety_hazard hazard, service service_matter gov_service service
-- within: community m.community, grid m.grid, unit m.handler, class m.class_path
-- wall: yes
WITH ours AS (
  SELECT
    m.opened_at AS opened_at,
    m.limit_at AS due_at,
    m.withdrawn AS withdrawn,
    CASE WHEN m.ended_at <= CAST($as_of AS TIMESTAMP) THEN m.ended_at ELSE NULL END AS ended_at
  FROM mart.$subject AS m
  WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
    AND m.opened_at <= CAST($as_of AS TIMESTAMP)
    AND $within
)
SELECT
  count(*) FILTER (
    WHERE o.opened_at < CAST($first AS DATE)
    AND (o.ended_at IS NULL OR o.ended_at >= CAST($first AS DATE))
  ) AS opening,
  count(*) FILTER (
    WHERE CAST(o.opened_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
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
    WHERE CAST(o.opened_at AS DATE) <= CAST($last AS DATE)
    AND (o.ended_at IS NULL OR CAST(o.ended_at AS DATE) > CAST($last AS DATE))
  ) AS open,
  count(*) FILTER (
    WHERE CAST(o.opened_at AS DATE) <= CAST($last AS DATE)
    AND (o.ended_at IS NULL OR CAST(o.ended_at AS DATE) > CAST($last AS DATE))
    AND o.due_at < least(CAST($last AS DATE) + INTERVAL '1' DAY, CAST($as_of AS TIMESTAMP))
  ) AS overdue
FROM ours AS o
