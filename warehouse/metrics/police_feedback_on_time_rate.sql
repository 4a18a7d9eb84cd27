-- police_feedback_on_time_rate: 警情分流按时反馈率
-- formula: 反馈时限在统计期内且已到期的分流警情中，承接单位不晚于时限反馈的比例；未反馈的留在分母
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
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
  CAST(c.due_at AS DATE) AS on_day,
  CASE
    WHEN c.due_at = CAST(CAST(c.due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.fed_back_at <= c.due_at THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.due_at AS on_at,
  c.due_at AS due_at
FROM mart.police_matter AS c
WHERE c.due_at IS NOT NULL
