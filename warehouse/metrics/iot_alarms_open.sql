-- iot_alarms_open: 未恢复物联报警
-- formula: 期末（当日为数据截至时刻）已报警而未恢复的次数，含电量低和离线
-- basis: accepted
-- exclusions: 无
-- unit: 次
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 物联感知设备运维口径
-- owner: 网格办
-- kind: stock
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
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.occurred_at AS on_at,
  CAST(c.occurred_at AS DATE) AS from_day,
  CAST(c.recovered_at AS DATE) AS until_day,
  c.occurred_at AS from_at,
  c.recovered_at AS until_at
FROM core.iot_event AS c
WHERE c.occurred_at IS NOT NULL
