-- whistle_days: 销哨天数
-- formula: 统计期内销哨的哨从吹响到销哨的自然日数的中位数（按销哨时间，含节假日）
-- basis: completed
-- exclusions: 退哨
-- unit: 天
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《南京市鼓楼区街道吹哨、部门报到工作规则》（2023）；指挥中心工作口径
-- owner: 指挥中心
-- kind: median
-- rows: whistle
-- platforms: whistle
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.closed_at AS DATE) AS on_day,
  CASE
    WHEN c.closed_at = CAST(CAST(c.closed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.closed_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  0 AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.opened_at, c.closed_at) AS DOUBLE) / 86400 AS value,
  c.withdrawn AS excluded_reason,
  c.closed_at AS on_at
FROM mart.whistle_matter AS c
WHERE c.closed_at IS NOT NULL
