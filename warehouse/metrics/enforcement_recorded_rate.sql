-- enforcement_recorded_rate: 全过程记录率
-- formula: 统计期内结案的案件中，文字和音像记录齐全的比例（行政处罚法第四十七条，按结案时间）
-- basis: completed
-- exclusions: 决定前移送、撤案
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《行政处罚法》（2021）；执法工作口径
-- owner: 城管中队
-- kind: rate
-- rows: enforcement_case
-- platforms: enforcement
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
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.recorded THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.closed_at AS on_at
FROM mart.enforcement_matter AS c
WHERE c.closed_at IS NOT NULL
