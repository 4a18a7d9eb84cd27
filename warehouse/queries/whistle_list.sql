-- whistle_list: 最近的哨和每个被吹部门的签收、联系、报到时间与时限，一行一部门；未销的在前
-- params: $limit
-- platforms: whistle
-- wall: yes
WITH chosen AS (
  SELECT w.source AS source, w.key AS whistle_no, w.kind AS kind, w.class_path AS class_name,
    w.community AS community, w.state AS state, w.opened_at AS blown_at, w.closed_at AS closed_at,
    w.resolved AS resolved, w.withdrawn AS withdrawn
  FROM mart.whistle_matter AS w
  WHERE w.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  ORDER BY w.closed_at IS NOT NULL, w.opened_at DESC
  LIMIT CAST($limit AS BIGINT)
)
SELECT
  c.whistle_no AS whistle_no,
  c.kind AS kind,
  c.class_name AS class_name,
  c.community AS community,
  coalesce(p.name, c.community) AS community_name,
  c.state AS state,
  c.blown_at AS blown_at,
  c.closed_at AS closed_at,
  c.resolved AS resolved,
  c.withdrawn AS withdrawn,
  d.department AS department,
  d.leads AS leads,
  d.sign_due_at AS sign_due_at,
  d.signed_at AS signed_at,
  d.contact_due_at AS contact_due_at,
  d.contacted_at AS contacted_at,
  d.report_due_at AS report_due_at,
  d.arrived_at AS arrived_at,
  d.done_at AS done_at,
  date_diff('second', d.blown_at, d.signed_at) / 60.0 AS sign_min,
  date_diff('second', d.blown_at, d.arrived_at) / 3600.0 AS arrive_hours,
  d.state AS department_state
FROM chosen AS c
LEFT JOIN core.whistle_department AS d ON d.source = c.source AND d.whistle_no = c.whistle_no
LEFT JOIN core.dim_community AS p ON p.code = c.community
ORDER BY c.closed_at IS NOT NULL, c.blown_at DESC, c.whistle_no, d.leads DESC, d.department
