-- urban_valid_rate: 城管有效上报率
-- formula: 有效上报数÷上报数：统计期内上报且已受理判定的案件中没有作废的比例（按上报时间）
-- basis: accepted
-- exclusions: 尚未受理判定的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: GB/T 30428.4《数字化城市管理信息系统 绩效评价》；城管中队工作口径
-- owner: 城管中队
-- kind: rate
-- rows: urban_case
-- platforms: urban_case
-- classes: urban
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
  CASE WHEN c.is_judged = 1 AND (c.withdrawn IS NULL OR c.withdrawn <> '作废') THEN 1 ELSE 0 END AS num,
  c.is_judged AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.is_judged = 1 THEN NULL ELSE '尚未判定' END AS excluded_reason,
  c.opened_at AS on_at,
  COALESCE(c.accepted_at, c.ended_at) AS num_at
FROM mart.urban_matter AS c
