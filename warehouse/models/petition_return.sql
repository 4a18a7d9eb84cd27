-- petition_return: 登记后 90 天内同一信访人就同类事项又来访来信的信访件
-- grain: source, key
-- reads: core.petition_case
-- owner: 信访办
-- check not_null: source, key
-- check unique: source, key
SELECT
  r.source AS source,
  r.key AS key
FROM (
  SELECT
    p.source AS source,
    p.petition_no AS key,
    p.registered_at AS registered_at,
    prev(p.registered_at, 1) OVER (
      PARTITION BY p.source, p.petitioner_hash, p.topic ORDER BY p.registered_at DESC, p.petition_no DESC
    ) AS next_at
  FROM core.petition_case AS p
  WHERE p.registered_at IS NOT NULL AND p.petitioner_hash IS NOT NULL
) AS r
WHERE r.next_at <= r.registered_at + INTERVAL '90' DAY
