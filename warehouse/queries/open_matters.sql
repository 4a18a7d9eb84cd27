-- open_matters: 在办事项（热线和纠纷），按剩余时间从少到多，仅由编码组成；保密和敏感件不列
-- params: $limit, $as_of
-- platforms: hotline_12345, mediation
-- wall: yes
SELECT
  m.platform AS platform,
  m.number AS number,
  m.kind AS kind,
  m.community AS community,
  coalesce(p.name, m.community) AS community_name,
  m.unit AS unit,
  m.line AS line,
  m.state AS state,
  m.urgency AS urgency,
  m.received_at AS received_at,
  m.due_at AS due_at,
  CAST(epoch(m.due_at) - epoch(CAST($as_of AS TIMESTAMP)) AS BIGINT) AS left_s,
  m.due_at < CAST($as_of AS TIMESTAMP) AS is_overdue,
  count(*) OVER () AS total
FROM (
  SELECT
    'hotline_12345' AS platform,
    o.order_no AS number,
    coalesce(c.name, o.class_name) AS kind,
    o.community_code AS community,
    o.unit_main AS unit,
    CAST(NULL AS VARCHAR) AS line,
    o.state AS state,
    o.urgency AS urgency,
    o.received_at AS received_at,
    o.due_at AS due_at
  FROM core.hotline_order AS o
  JOIN mart.hotline_case AS h ON h.source = o.source AND h.order_no = o.order_no
  LEFT JOIN core.dim_class AS c ON c.domain = 'hotline' AND c.code = o.class_code
  WHERE o.closed_at IS NULL
    AND h.ended_at IS NULL
    AND coalesce(o.secret, FALSE) = FALSE
    AND coalesce(strpos(o.tags, '敏感'), 0) = 0
    AND o.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  UNION ALL
  SELECT
    'mediation' AS platform,
    d.case_no AS number,
    coalesce(t.name, '纠纷') AS kind,
    d.community_code AS community,
    d.unit AS unit,
    d.line AS line,
    d.state AS state,
    CAST(NULL AS VARCHAR) AS urgency,
    d.accepted_at AS received_at,
    d.due_at AS due_at
  FROM core.mediation_case AS d
  JOIN mart.mediation_matter AS e ON e.source = d.source AND e.case_no = d.case_no
  LEFT JOIN core.dim_class AS t ON t.domain = 'mediation' AND t.code = d.type_code
  WHERE d.closed_at IS NULL
    AND e.ended_at IS NULL
    AND d.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
) AS m
LEFT JOIN core.dim_community AS p ON p.code = m.community
ORDER BY m.due_at NULLS LAST, m.number
LIMIT CAST($limit AS BIGINT)
