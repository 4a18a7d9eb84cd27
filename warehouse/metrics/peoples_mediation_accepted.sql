-- peoples_mediation_accepted: 人民调解受理量
-- formula: 统计期内各调解委员会受理的纠纷数（按受理时间）；与矛调中心的两条线不相加
-- basis: accepted
-- exclusions: 无
-- unit: 起
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《人民调解法》；司法所工作口径
-- owner: 司法所
-- kind: count
-- rows: peoples_mediation_case
-- platforms: peoples_mediation
-- classes: mediation
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
FROM mart.peoples_mediation_matter AS c
