-- petition_kept_rate: 信访吸附率
-- formula: 街道化解的纠纷÷（街道化解的纠纷＋到区及以上的走访）：统计期内调处中心两条线调解成功的纠纷（按办结时间），与统计期内到区及以上走访的信访件（按登记时间）相比：小事不出街道
-- basis: completed
-- exclusions: 并案、撤回、不予受理；来信、来电、网上信访；未登记信访层级的
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 2
-- changed: 2026-11-30
-- version 1: 2026-11-29 首次定义：登记的信访件中在街道及以下提出的比例
-- version 2: 2026-11-30 改为街道化解的纠纷与到区及以上走访之比，不再只在信访件之间相比；由按登记时间改为纠纷按办结时间、走访按登记时间
-- document: 《信访工作条例》（2022）；矛调中心工作口径
-- owner: 矛调中心
-- kind: rate
-- platforms: petition, mediation
SELECT
  s.source AS source,
  s.key AS key,
  CAST(s.happened_at AS DATE) AS on_day,
  CASE
    WHEN s.happened_at = CAST(CAST(s.happened_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM s.happened_at) AS INTEGER)
  END AS on_hour,
  s.community AS community,
  s.grid AS grid,
  s.unit AS unit,
  s.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  s.is_kept AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  s.happened_at AS on_at
FROM (
  SELECT
    c.source AS source,
    c.case_no AS key,
    c.closed_at AS happened_at,
    c.community AS community,
    c.grid AS grid,
    c.unit AS unit,
    c.class_path AS class_path,
    1 AS is_kept
  FROM mart.mediation_matter AS c
  WHERE c.closed_at IS NOT NULL
    AND c.withdrawn IS NULL
    AND c.result IN ('调解成功', '成功')
  UNION ALL
  SELECT
    p.source AS source,
    p.key AS key,
    p.opened_at AS happened_at,
    p.community AS community,
    CAST(NULL AS VARCHAR) AS grid,
    p.handler AS unit,
    p.class_path AS class_path,
    0 AS is_kept
  FROM mart.petition_matter AS p
  WHERE p.form = '来访' AND p.is_upper = 1
) AS s
