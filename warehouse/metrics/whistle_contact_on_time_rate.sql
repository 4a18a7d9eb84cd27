-- whistle_contact_on_time_rate: 部门按时联系率
-- formula: 联系时限（吹哨后 24 小时，含节假日）在统计期内且已到期的被吹部门中，不晚于时限与街道联系的比例；未联系的留在分母
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
  CAST(c.contact_due_at AS DATE) AS on_day,
  CASE
    WHEN c.contact_due_at = CAST(CAST(c.contact_due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.contact_due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.department AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.withdrawn IS NULL AND c.contacted_at <= c.contact_due_at THEN 1 ELSE 0 END AS num,
  CASE WHEN c.withdrawn IS NULL THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  c.withdrawn AS excluded_reason,
  c.contact_due_at AS on_at,
  c.contact_due_at AS due_at
FROM mart.whistle_call AS c
WHERE c.contact_due_at IS NOT NULL
