-- supplies_ready: 储备达标物资
-- formula: 期末各仓库库存不低于储备定额的物资项数；分母为有定额的全部项数
-- basis: accepted
-- exclusions: 未定储备定额的
-- unit: 项
-- polarity: up
-- small_n: 0
-- version: 1
-- changed: 2026-11-29
-- document: SL 298《防汛物资储备定额编制规程》；街道防汛物资口径
-- owner: 应急办
-- kind: level
-- rows: flood_supply
-- platforms: flood_supplies
-- scope: street
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.from_at AS DATE) AS on_day,
  CASE
    WHEN c.from_at = CAST(CAST(c.from_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.from_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  CAST(NULL AS VARCHAR) AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  c.is_ready AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.from_at AS on_at,
  CAST(c.from_at AS DATE) AS from_day,
  CAST(CAST(NULL AS TIMESTAMP) AS DATE) AS until_day,
  c.from_at AS from_at,
  CAST(NULL AS TIMESTAMP) AS until_at
FROM mart.supply_state AS c
