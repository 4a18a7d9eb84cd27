-- enforcement_days: 执法办案天数
-- formula: 统计期内作出决定的普通程序案件从立案到决定的自然日数的中位数（按决定时间，含节假日）
-- basis: completed
-- exclusions: 简易程序；决定前移送、撤案
-- unit: 天
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《行政处罚法》（2021）；执法工作口径
-- owner: 城管中队
-- kind: median
-- rows: enforcement_case
-- platforms: enforcement
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.decided_at AS DATE) AS on_day,
  CASE
    WHEN c.decided_at = CAST(CAST(c.decided_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.decided_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  0 AS num,
  CASE WHEN c.procedure = '简易程序' THEN 0 ELSE 1 END AS den,
  CAST(DATE_DIFF('second', c.opened_at, c.decided_at) AS DOUBLE) / 86400 AS value,
  CASE WHEN c.procedure = '简易程序' THEN '简易程序' ELSE NULL END AS excluded_reason,
  c.decided_at AS on_at
FROM mart.enforcement_matter AS c
WHERE c.decided_at IS NOT NULL
