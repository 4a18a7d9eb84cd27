-- iot_alarms: 物联报警数
-- formula: 统计期内物联设备报警的次数（按发生时间），不含电量低和离线
-- basis: accepted
-- exclusions: 电量低、离线
-- unit: 次
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 物联感知设备运维口径
-- owner: 网格办
-- kind: count
-- rows: iot_event
-- platforms: iot_device
SELECT
  c.source AS source,
  c.event_no AS key,
  CAST(c.occurred_at AS DATE) AS on_day,
  CASE
    WHEN c.occurred_at = CAST(CAST(c.occurred_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.occurred_at) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  CASE WHEN c.event IS NULL THEN c.kind ELSE CONCAT(c.kind, '/', c.event) END AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.event NOT IN ('电量低', '离线') THEN 1 ELSE 0 END AS num,
  CASE WHEN c.event NOT IN ('电量低', '离线') THEN 1 ELSE 0 END AS den,
  CAST(1 AS DOUBLE) AS value,
  CASE WHEN c.event IN ('电量低', '离线') THEN c.event ELSE NULL END AS excluded_reason,
  c.occurred_at AS on_at
FROM core.iot_event AS c
WHERE c.occurred_at IS NOT NULL
