-- enforcement_published_on_time_rate: 处罚及时公示率
-- formula: 公示时限（决定起 7 个工作日）在统计期内且已到期的决定中，不晚于时限公示的比例；未公示的留在分母
-- basis: due
-- exclusions: 无
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-30
-- document: 《行政处罚法》（2021）；执法工作口径
-- owner: 城管中队
-- kind: rate
-- rows: enforcement_case
-- platforms: enforcement
-- spread: 20
SELECT
  c.source AS source,
  c.key AS key,
  CAST(c.publish_due_at AS DATE) AS on_day,
  CASE
    WHEN c.publish_due_at = CAST(CAST(c.publish_due_at AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM c.publish_due_at) AS INTEGER)
  END AS on_hour,
  c.community AS community,
  CAST(NULL AS VARCHAR) AS grid,
  c.handler AS unit,
  c.class_path AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN c.published_at <= c.publish_due_at THEN 1 ELSE 0 END AS num,
  1 AS den,
  CAST(NULL AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  c.publish_due_at AS on_at,
  c.publish_due_at AS due_at
FROM (
  SELECT
    e.source AS source,
    e.key AS key,
    e.community AS community,
    e.handler AS handler,
    e.class_path AS class_path,
    e.published_at AS published_at,
    CAST(b.day AS TIMESTAMP) + INTERVAL '86399' SECOND AS publish_due_at
  FROM mart.enforcement_matter AS e
  JOIN core.dim_workday AS a ON a.day = CAST(e.decided_at AS DATE)
  JOIN core.dim_workday AS b ON b.ordinal = a.ordinal + 7 AND b.is_workday
) AS c
