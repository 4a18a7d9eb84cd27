-- hotline_return_refused_rate: 退单驳回率
-- formula: 统计期内审核的退单申请中被驳回的比例（按审核时间，一单可申请多次）；改派、退单成功算准许
-- basis: completed
-- exclusions: 尚未审核的；申请只记单位，选了社区、网格或类别时无数
-- unit: %
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 国办函〔2025〕66号；街道热线工作口径
-- owner: 热线办
-- kind: rate
-- rows: hotline_event
-- platforms: hotline_12345
-- classes: hotline
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.decided_at AS DATE) AS on_day,
  CASE
    WHEN c.decided_at = CAST(CAST(c.decided_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.decided_at) AS INTEGER)
  END AS on_hour,
  CAST(NULL AS VARCHAR) AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.asked_by AS unit,
  CAST(NULL AS VARCHAR) AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  c.is_refused AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.decided_at AS on_at
FROM mart.hotline_return AS c
