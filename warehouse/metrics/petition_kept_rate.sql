-- petition_kept_rate: 信访吸附率
-- formula: 统计期内登记的信访件中在街道及以下提出的比例（其余为到区及以上）：小事不出村社
-- basis: accepted
-- exclusions: 未登记信访层级的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
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
  CASE WHEN c.visit_level NOT LIKE '%区%' AND c.visit_level NOT LIKE '%市%' AND c.visit_level NOT LIKE '%省%' AND c.visit_level NOT LIKE '%国%' THEN 1 ELSE 0 END AS num,
  CASE WHEN c.visit_level IS NOT NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.visit_level IS NULL THEN '未登记层级' ELSE NULL END AS excluded_reason,
  c.opened_at AS on_at,
  c.opened_at AS num_at
FROM mart.petition_matter AS c
