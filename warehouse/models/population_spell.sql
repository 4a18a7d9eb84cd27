-- population_spell: 每个社区每类人口的每次统计，自统计日起到下一次统计止
-- grain: source, key
-- reads: core.population_count
-- owner: 派出所
-- check not_null: source, key, from_at
-- check unique: source, key
-- check no_rows: until_at <= from_at
SELECT
  s.source AS source,
  CONCAT(CAST(s.counted_on AS VARCHAR), '/', s.community, '/', s.line) AS key,
  s.community AS community,
  s.line AS line,
  s.from_at AS from_at,
  CAST(s.next_on AS TIMESTAMP) AS until_at,
  COALESCE(s.quantity, 0) AS amount,
  CASE WHEN s.quantity IS NULL THEN '少于5不公布' ELSE NULL END AS withheld
FROM (
  SELECT
    p.source AS source,
    p.counted_on AS counted_on,
    p.community_code AS community,
    p.category_code AS line,
    CAST(p.counted_on AS TIMESTAMP) AS from_at,
    p.quantity AS quantity,
    prev(p.counted_on, 1) OVER (
      PARTITION BY p.source, p.community_code, p.category_code ORDER BY p.counted_on DESC
    ) AS next_on
  FROM core.population_count AS p
) AS s
