-- team_states: 排涝和抢险队伍：人数、泵、状态、任务点位
-- params: none
-- scope: street
-- platforms: flood_supplies
-- wall: yes
SELECT
  t.team_code AS team_code,
  t.team AS team,
  t.kind AS kind,
  t.members AS members,
  t.pumps AS pumps,
  t.pump_m3h AS pump_m3h,
  t.state AS state,
  t.point AS point,
  t.community_code AS community,
  t.updated_at AS updated_at
FROM core.flood_team AS t
WHERE t.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
ORDER BY t.state = '待命', t.team_code
