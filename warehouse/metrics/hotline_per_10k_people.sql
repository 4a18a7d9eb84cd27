-- hotline_per_10k_people: 万人诉求比
-- formula: 统计期内受理的工单数÷常住人口×10000（按受理时间）；人口为站点登记的现有常住人口，分社区按各社区人口
-- basis: accepted
-- exclusions: 无
-- unit: 件/万人
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 33358-2016《政府热线服务规范》；街道热线工作口径
-- owner: 热线办
-- kind: mean
-- rows: hotline_order
-- platforms: hotline_12345
-- classes: hotline
-- per: people
-- times: 10000
SELECT
  c.source AS source,
  c.order_no AS key,
  CAST(c.received_at AS DATE) AS on_day,
  CASE
    WHEN c.received_at = CAST(CAST(c.received_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.received_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  c.grid AS grid,
  c.unit AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.received_at AS on_at
FROM mart.hotline_case AS c
