-- matter_links: 一个事项在其他平台上的同一事项：先按单号指认（确定），再按同网格、同类别、三日内（可能）；只关联，不合并
-- params: $source, $key
-- scope: street
-- wall: no
WITH known AS NOT MATERIALIZED (
  SELECT h.source, h.order_no AS key, h.received_at AS opened_at, h.community_code AS community,
    h.grid_code AS grid, h.unit_main AS unit, h.class_name, h.state, coalesce(h.secret, FALSE) AS secret
  FROM core.hotline_order AS h
  UNION ALL
  SELECT l.source, l.dispatch_no, l.created_at, l.community_code, l.grid_code, l.main_unit,
    NULL, l.state, FALSE
  FROM core.linkage_order AS l
  UNION ALL
  SELECT g.source, g.event_no, g.reported_at, g.community_code, g.grid_code, g.unit,
    g.class_name, g.state, FALSE
  FROM core.grid_event AS g
  UNION ALL
  SELECT u.source, u.case_no, u.reported_at, u.community_code, u.grid_code, u.unit,
    u.class_name, u.state, FALSE
  FROM core.urban_case AS u
  UNION ALL
  SELECT w.source, w.whistle_no, coalesce(w.blown_at, w.drafted_at), w.community_code, NULL, NULL,
    NULL, w.state, FALSE
  FROM core.whistle AS w
  UNION ALL
  SELECT p.source, p.alarm_no, p.alarm_at, p.community_code, NULL, p.passed_to,
    NULL, p.state, FALSE
  FROM core.police_call AS p
),
said AS (
  SELECT l.source, l.dispatch_no AS key, l.source_no AS other_key, '来源单号' AS rule
  FROM core.linkage_order AS l
  WHERE l.source_no = $key OR (l.source = $source AND l.dispatch_no = $key)
  UNION ALL
  SELECT w.source, w.whistle_no, w.source_no, '来源单号'
  FROM core.whistle AS w
  WHERE w.source_no = $key OR (w.source = $source AND w.whistle_no = $key)
  UNION ALL
  SELECT h.source, h.order_no, h.merged_into, '并单'
  FROM core.hotline_order AS h
  WHERE h.source = $source AND (h.merged_into = $key OR h.order_no = $key)
),
linked AS (
  SELECT k.source, k.key, s.rule, 1.0 AS confidence
  FROM said AS s
  JOIN known AS k ON k.key = s.other_key
  WHERE s.source = $source AND s.key = $key
  UNION ALL
  SELECT s.source, s.key, s.rule, 1.0 AS confidence
  FROM said AS s
  WHERE s.other_key = $key AND NOT (s.source = $source AND s.key = $key)
  UNION ALL
  SELECT b.source, b.dispatch_no, '同一事件', 1.0
  FROM core.linkage_order AS a
  JOIN core.linkage_order AS b
    ON b.source = a.source AND b.incident_no = a.incident_no AND b.dispatch_no <> a.dispatch_no
  WHERE a.source = $source AND a.dispatch_no = $key
  UNION ALL
  SELECT k.source, k.key, '同网格同类三日内',
    CASE WHEN CAST(k.opened_at AS DATE) = CAST(me.opened_at AS DATE) THEN 0.7 ELSE 0.5 END
  FROM known AS me
  JOIN known AS k
    ON k.grid = me.grid AND k.class_name = me.class_name AND k.source <> me.source
    AND k.opened_at BETWEEN me.opened_at - INTERVAL '3' DAY AND me.opened_at + INTERVAL '3' DAY
  WHERE me.source = $source AND me.key = $key
)
SELECT
  o.source AS source,
  o.key AS key,
  f.key AS platform,
  f.name AS platform_name,
  max_by(o.rule, o.confidence) AS rule,
  CAST(max(o.confidence) AS DOUBLE) AS confidence,
  k.opened_at AS opened_at,
  k.community AS community,
  c.name AS community_name,
  k.unit AS unit,
  k.class_name AS class_name,
  k.state AS state
FROM linked AS o
JOIN known AS k ON k.source = o.source AND k.key = o.key
LEFT JOIN core.dim_platform AS f ON f.source = o.source
LEFT JOIN core.dim_community AS c ON c.code = k.community
WHERE NOT k.secret
  AND starts_with(o.source, 'demo:') = starts_with($source, 'demo:')
GROUP BY ALL
ORDER BY confidence DESC, k.opened_at, o.source, o.key
