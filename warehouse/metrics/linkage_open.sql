-- linkage_open: 联动在办量
-- formula: 期末（当日为数据截至时刻）已建单而未办结的联动单数
-- basis: accepted
-- exclusions: 作废的自作废时起不计
-- unit: 件
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 社会治理大联动工作口径
-- owner: 综治中心
-- kind: stock
-- rows: linkage_order
-- platforms: linkage
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.opened_at AS DATE) AS on_day,
  CASE
    WHEN c.opened_at = CAST(CAST(c.opened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.opened_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at,
  CAST(c.opened_at AS DATE) AS from_day,
  CAST(c.ended_at AS DATE) AS until_day,
  c.opened_at AS from_at,
  c.ended_at AS until_at
FROM mart.linkage_matter AS c
WHERE c.ended_at IS NULL OR c.ended_at > c.opened_at
