-- hotline_recent: 最近受理的热线工单，仅由编码组成；保密和敏感件不列
-- params: $limit
-- platforms: hotline_12345
-- wall: yes
SELECT
  o.order_no AS order_no,
  o.class_code AS class_code,
  coalesce(c.name, o.class_name) AS class_name,
  top.name AS class_top,
  o.community_code AS community,
  coalesce(p.name, o.community_code) AS community_name,
  g.name AS grid_name,
  o.unit_main AS unit,
  o.urgency AS urgency,
  o.state AS state,
  o.received_at AS received_at,
  o.due_at AS due_at,
  o.closed_at AS closed_at
FROM core.hotline_order AS o
LEFT JOIN core.dim_class AS c ON c.domain = 'hotline' AND c.code = o.class_code
LEFT JOIN core.dim_class AS top ON top.domain = 'hotline' AND top.code = substring(o.class_code, 1, 2)
LEFT JOIN core.dim_community AS p ON p.code = o.community_code
LEFT JOIN core.dim_grid AS g ON g.code = o.grid_code
WHERE o.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND coalesce(o.secret, FALSE) = FALSE
  AND coalesce(strpos(o.tags, '敏感'), 0) = 0
ORDER BY o.received_at DESC, o.order_no
LIMIT CAST($limit AS BIGINT)
