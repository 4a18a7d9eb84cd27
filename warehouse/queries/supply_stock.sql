-- supply_stock: 每个物资点有储备定额的物资，一行一项：库存、定额、有效期、最近检查；不含保管员
-- params: none
-- scope: street
-- platforms: flood_supplies
-- wall: yes
SELECT
  f.store_code AS store_code,
  f.store AS store,
  f.community_code AS community,
  f.item_code AS item_code,
  f.item AS item,
  f.qty AS qty,
  f.quota AS quota,
  f.unit AS measure,
  f.expires_on AS expires_on,
  f.checked_on AS checked_on,
  f.updated_at AS updated_at
FROM core.flood_supply AS f
WHERE f.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
  AND f.quota > 0 AND f.updated_at IS NOT NULL
ORDER BY f.store_code, f.item_code
