-- peoples_mediation_crime_per_10k: 万人民转刑
-- formula: 统计期内受理的人民调解案件中后来转为刑事案件的件数÷常住人口×10000（按受理时间）；人口为站点登记的现有常住人口
-- basis: accepted
-- exclusions: 无
-- unit: 件/万人
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《人民调解法》；司法所工作口径
-- owner: 司法所
-- kind: mean
-- rows: peoples_mediation_case
-- platforms: peoples_mediation
-- classes: mediation
-- per: people
-- times: 10000
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
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.opened_at AS on_at
FROM mart.peoples_mediation_matter AS c
WHERE c.became_crime
