-- straw_handling_minutes: 火点处置时长
-- formula: 统计期内处置完的火点从报警到处置的分钟数的中位数（按处置时间）
-- basis: completed
-- exclusions: 误报
-- unit: 分钟
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《大气污染防治法》第七十七条；秸秆禁烧工作口径
-- owner: 农服中心
-- kind: median
-- rows: straw_fire_alarm
-- platforms: straw_fire
SELECT
  c.source AS source,
  c.alarm_no AS key,
  CAST(c.handled_at AS DATE) AS on_day,
  CASE
    WHEN c.handled_at = CAST(CAST(c.handled_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.handled_at) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  c.grid_code AS grid,
  c.unit AS unit,
  c.kind AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  0 AS num,
  CASE WHEN c.state <> '误报' THEN 1 ELSE 0 END AS den,
  CAST(DATE_DIFF('second', c.alarmed_at, c.handled_at) AS DOUBLE) / 60 AS value,
  CASE WHEN c.state = '误报' THEN '误报' ELSE NULL END AS excluded_reason,
  c.handled_at AS on_at
FROM core.straw_fire_alarm AS c
WHERE c.handled_at IS NOT NULL
