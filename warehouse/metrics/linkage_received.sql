-- linkage_received: 联动建单量
-- formula: 统计期内建立的联动单数（按建单时间）；一事多单的分别计
-- basis: accepted
-- exclusions: 无
-- unit: 件
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 社会治理大联动工作口径
-- owner: 综治中心
-- kind: count
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
  c.opened_at AS on_at
FROM mart.linkage_matter AS c
