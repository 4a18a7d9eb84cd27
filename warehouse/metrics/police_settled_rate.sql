-- police_settled_rate: 现场处置率
-- formula: 统计期内接报的非警务警情中民警现场处置完毕、不需分流的比例（按报警时间）
-- basis: accepted
-- exclusions: 未填处置情况的
-- unit: %
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 110 非警务警情联动工作口径
-- owner: 综治中心
-- kind: rate
-- rows: police_call
-- platforms: police_110
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
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.settled_on_spot THEN 1 ELSE 0 END AS num,
  CASE WHEN c.settled_on_spot IS NOT NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.settled_on_spot IS NULL THEN '未填' ELSE NULL END AS excluded_reason,
  c.opened_at AS on_at,
  c.opened_at AS num_at
FROM mart.police_matter AS c
