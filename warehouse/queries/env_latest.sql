-- env_latest: 每个监测点每个因子最近一个小时值
-- params: none
-- scope: street
-- platforms: environment
-- wall: yes
SELECT
  r.station AS station,
  r.station_name AS station_name,
  r.kind AS kind,
  r.community_code AS community,
  r.item_name AS item,
  r.observed_at AS observed_at,
  r.value AS value,
  r.unit AS measure,
  r.flag AS flag
FROM core.env_reading AS r
WHERE r.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND r.span = '小时'
  AND r.observed_at >= (SELECT max(l.observed_at) FROM core.env_reading AS l
    WHERE l.span = '小时') - INTERVAL '1' DAY
QUALIFY row_number() OVER (PARTITION BY r.source, r.station, r.item ORDER BY r.observed_at DESC) = 1
ORDER BY r.kind, r.station, r.item_name
