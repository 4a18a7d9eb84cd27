-- map_forces: 防汛队伍和物资点各在何处，一行一处；不含队长、保管员
-- params: none
-- platforms: flood_supplies
-- wall: no
SELECT
  m.layer AS layer,
  m.source AS source,
  m.number AS number,
  m.name AS name,
  m.community AS community,
  m.state AS state,
  m.members AS members,
  m.pumps AS pumps,
  m.items AS items,
  m.short AS short,
  m.lng AS lng,
  m.lat AS lat
FROM (
  SELECT
    'team' AS layer,
    t.source AS source,
    t.team_code AS number,
    t.team AS name,
    t.community_code AS community,
    t.state AS state,
    t.members AS members,
    t.pumps AS pumps,
    CAST(NULL AS BIGINT) AS items,
    CAST(NULL AS BIGINT) AS short,
    t.lng AS lng,
    t.lat AS lat
  FROM core.flood_team AS t
  UNION ALL
  SELECT
    'store' AS layer,
    s.source AS source,
    s.store_code AS number,
    MAX(s.store) AS name,
    MAX(s.community_code) AS community,
    CAST(NULL AS VARCHAR) AS state,
    CAST(NULL AS BIGINT) AS members,
    CAST(NULL AS BIGINT) AS pumps,
    COUNT(*) AS items,
    CAST(SUM(CASE WHEN s.qty < s.quota THEN 1 ELSE 0 END) AS BIGINT) AS short,
    MAX(s.lng) AS lng,
    MAX(s.lat) AS lat
  FROM core.flood_supply AS s
  GROUP BY s.source, s.store_code
) AS m
WHERE m.source IN (SELECT o.source FROM mart._source AS o WHERE o.own)
ORDER BY m.layer, m.number
