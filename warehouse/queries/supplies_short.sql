-- supplies_short: 库存低于储备定额的防汛物资，按缺口比例从大到小
-- params: none
-- scope: street
-- platforms: flood_supplies
-- wall: yes
SELECT
  f.store AS store,
  f.community_code AS community,
  f.item AS item,
  f.qty AS qty,
  f.quota AS quota,
  f.unit AS measure,
  f.expires_on AS expires_on,
  f.checked_on AS checked_on
FROM core.flood_supply AS f
WHERE f.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND f.qty < f.quota
ORDER BY f.qty / f.quota, f.store, f.item
