-- land_funnel: 统计期内发现的图斑走到哪一步：疑似、已核查、属实（新增、存量）、已拆除、已销号
-- params: $first, $last
-- platforms: land_watch
-- wall: yes
SELECT
  count(*) AS found,
  count(*) FILTER (WHERE m.checked_at IS NOT NULL) AS checked,
  count(*) FILTER (WHERE m.is_unlawful = 1) AS confirmed,
  count(*) FILTER (WHERE m.line = 'new') AS confirmed_new,
  count(*) FILTER (WHERE m.line = 'old') AS confirmed_old,
  count(*) FILTER (WHERE m.is_unlawful = 1 AND m.demolished_at IS NOT NULL) AS demolished,
  count(*) FILTER (WHERE m.is_unlawful = 1 AND m.closed_at IS NOT NULL) AS cleared,
  coalesce(sum(m.demolished_m2), 0) AS demolished_m2
FROM mart.land_matter AS m
WHERE m.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND CAST(m.opened_at AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
