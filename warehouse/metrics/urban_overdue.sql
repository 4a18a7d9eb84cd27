-- urban_overdue: 城管超期在办
-- formula: 期末（当日为数据截至时刻）未结案且已过处置截止时间的城管案件数；批准挂账的不算超期
-- basis: due
-- exclusions: 无时限的；已了结的；挂账的
-- unit: 件
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: GB/T 30428.4《数字化城市管理信息系统 绩效评价》；城管中队工作口径
-- owner: 城管中队
-- kind: level
-- rows: urban_case
-- platforms: urban_case
-- classes: urban
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
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
  c.due_at AS on_at,
  CAST(c.due_at + INTERVAL '1' SECOND AS DATE) AS from_day,
  CAST(c.ended_at AS DATE) AS until_day,
  c.due_at + INTERVAL '1' SECOND AS from_at,
  c.ended_at AS until_at
FROM mart.urban_matter AS c
WHERE c.due_at IS NOT NULL
  AND c.state <> '挂账'
  AND (c.ended_at IS NULL OR c.ended_at > c.due_at)
