-- whistle_sign_on_time_rate: 部门按时签收率
-- formula: 签收时限（吹哨后 1 小时）在统计期内且已到期的被吹部门中，不晚于时限签收的比例；未签收的留在分母
-- basis: due
-- exclusions: 退哨
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《南京市鼓楼区街道吹哨、部门报到工作规则》（2023）；指挥中心工作口径
-- owner: 指挥中心
-- kind: rate
-- rows: whistle_department
-- platforms: whistle
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.sign_due_at AS DATE) AS on_day,
  CASE
    WHEN c.sign_due_at = CAST(CAST(c.sign_due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.sign_due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.department AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.signed_at <= c.sign_due_at THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.sign_due_at AS on_at,
  c.sign_due_at AS due_at
FROM mart.whistle_call AS c
WHERE c.sign_due_at IS NOT NULL
