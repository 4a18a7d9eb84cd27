-- petition_upper_visits: 越级走访
-- formula: 统计期内到区及以上走访的信访件数（按登记时间）
-- basis: accepted
-- exclusions: 来信、来电、网上信访；未登记信访层级的
-- unit: 件
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《信访工作条例》（2022）；信访办工作口径
-- owner: 信访办
-- kind: count
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
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at
FROM mart.petition_matter AS c
WHERE c.form = '来访' AND c.is_upper = 1
