-- whistle_returned_rate: 乱哨率
-- formula: 退哨数÷哨数：统计期内吹响的哨中被退回的比例（按吹哨时间）
-- basis: accepted
-- exclusions: 无
-- unit: %
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《南京市鼓楼区街道吹哨、部门报到工作规则》（2023）；指挥中心工作口径
-- owner: 指挥中心
-- kind: rate
-- rows: whistle
-- platforms: whistle
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.opened_at AS DATE) AS on_day,
  CASE
    WHEN c.opened_at = CAST(CAST(c.opened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.opened_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NOT NULL THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at,
  c.closed_at AS num_at
FROM mart.whistle_matter AS c
