-- freshness: 每个平台最近一次成功采集的时间和时限
-- scope: street
-- params: none
-- wall: yes
SELECT
  p.key AS platform,
  p.name AS name,
  p.short AS short,
  p.source AS source,
  p.demo AS demo,
  p.enabled AS enabled,
  s.last_success_at AS last_success_at,
  p.every_s AS every_s,
  p.stale_after_s AS stale_after_s
FROM core.dim_platform AS p
LEFT JOIN mart._source AS s ON s.source = p.source AND s.platform = p.key
ORDER BY p.key
