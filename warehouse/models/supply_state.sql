-- supply_state: 每个仓库每项有定额的防汛物资，一行一项：自最近更新起是否达到储备定额
-- grain: source, key
-- reads: core.flood_supply
-- owner: 应急办
-- check not_null: source, key, from_at
-- check unique: source, key
SELECT
  f.source AS source,
  CONCAT(f.store_code, '/', f.item_code) AS key,
  f.community_code AS community,
  f.item AS class_path,
  f.updated_at AS from_at,
  CASE WHEN f.qty >= f.quota THEN 1 ELSE 0 END AS is_ready
FROM core.flood_supply AS f
WHERE f.updated_at IS NOT NULL AND f.quota > 0
