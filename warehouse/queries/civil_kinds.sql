-- civil_kinds: 统计期内申请的民政业务按类型：申请、已审批、同意、不予批准、撤回、待审批
-- params: $first, $last
-- platforms: civil_affairs
-- wall: yes
SELECT
  c.kind AS kind,
  count(*) AS applied,
  count(c.decided_on) AS decided,
  count(*) FILTER (WHERE c.result = '同意') AS approved,
  count(*) FILTER (WHERE c.result = '不予批准') AS refused,
  count(*) FILTER (WHERE c.result = '撤回') AS withdrawn,
  count(*) FILTER (WHERE c.decided_on IS NULL) AS waiting
FROM core.civil_service AS c
WHERE c.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND c.applied_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
GROUP BY c.kind
ORDER BY count(*) DESC, c.kind
