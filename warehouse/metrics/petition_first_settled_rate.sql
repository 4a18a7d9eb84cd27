-- petition_first_settled_rate: 初信初访化解率
-- formula: 统计期内登记的初次信访件中，已经办结且同一信访人 90 天内没有就同类事项再访的比例（按登记时间）
-- basis: accepted
-- exclusions: 重复信访；未登记是否重复的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《信访工作条例》（2022）；信访办工作口径
-- owner: 信访办
-- kind: rate
-- rows: petition_case
-- platforms: petition
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
  CASE WHEN c.repeated = FALSE AND c.closed_at IS NOT NULL AND n.key IS NULL THEN 1 ELSE 0 END AS num,
  CASE WHEN c.repeated = FALSE THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE
    WHEN c.repeated = FALSE THEN NULL
    WHEN c.repeated THEN '重复信访'
    ELSE '未登记是否重复'
  END AS excluded_reason,
  c.opened_at AS on_at,
  c.closed_at AS num_at
FROM mart.petition_matter AS c
LEFT JOIN mart.petition_return AS n ON n.source = c.source AND n.key = c.key
