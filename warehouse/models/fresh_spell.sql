-- fresh_spell: 每个平台的在线时段（自采集成功起，到最后一次成功后两个采集周期止），以及接入期
-- grain: source, platform, from_at, is_fresh
-- reads: core.success, core.dim_platform
-- owner: 指挥中心
-- check not_null: source, platform, from_at, is_fresh
-- check unique: source, platform, from_at, is_fresh
SELECT
  f.source AS source,
  f.key AS platform,
  1 AS is_fresh,
  f.from_at AS from_at,
  f.until_at AS until_at
FROM core.success AS f
JOIN core.dim_platform AS p ON p.key = f.key AND p.source = f.source
WHERE p.enabled
UNION ALL
SELECT
  q.source AS source,
  q.key AS platform,
  0 AS is_fresh,
  TIMESTAMP '2000-01-01 00:00:00' AS from_at,
  CAST(NULL AS TIMESTAMP) AS until_at
FROM core.dim_platform AS q
WHERE q.enabled
