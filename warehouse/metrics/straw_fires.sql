-- straw_fires: 火点核实数
-- formula: 统计期内高空瞭望报警中不是误报的火点数（按报警时间）
-- basis: accepted
-- exclusions: 误报
-- unit: 处
-- polarity: down
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 《大气污染防治法》第七十七条；秸秆禁烧工作口径
-- owner: 农服中心
-- kind: count
-- rows: straw_fire_alarm
-- platforms: straw_fire
SELECT
  c.source AS source,
  c.alarm_no AS key,
  CAST(c.alarmed_at AS DATE) AS on_day,
  CASE
    WHEN c.alarmed_at = CAST(CAST(c.alarmed_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.alarmed_at) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  c.grid_code AS grid,
  c.unit AS unit,
  c.kind AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.state <> '误报' THEN 1 ELSE 0 END AS num,
  CASE WHEN c.state <> '误报' THEN 1 ELSE 0 END AS den,
  CAST(1 AS DOUBLE) AS value,
  CASE WHEN c.state = '误报' THEN '误报' ELSE NULL END AS excluded_reason,
  c.alarmed_at AS on_at
FROM core.straw_fire_alarm AS c
WHERE c.alarmed_at IS NOT NULL
