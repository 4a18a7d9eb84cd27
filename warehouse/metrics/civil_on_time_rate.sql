-- civil_on_time_rate: 民政按期审批率
-- formula: 办理期限在统计期内且已到期的申请中，不晚于期限审批的比例；未审批的留在分母
-- basis: due
-- exclusions: 撤回
-- unit: %
-- polarity: up
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 民政服务工作口径
-- owner: 民政办
-- kind: rate
-- rows: civil_service
-- platforms: civil_affairs
SELECT
  c.source AS source,
  c.service_no AS key,
  CAST(CAST(c.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS DATE) AS on_day,
  CASE
    WHEN CAST(c.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND = CAST(CAST(CAST(c.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM CAST(c.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  '民政办' AS unit,
  c.kind AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  CASE WHEN COALESCE(c.result, '') <> '撤回' AND c.decided_on <= c.due_on THEN 1 ELSE 0 END AS num,
  CASE WHEN COALESCE(c.result, '') <> '撤回' THEN 1 ELSE 0 END AS den,
  CAST(NULL AS DOUBLE) AS value,
  CASE WHEN c.result = '撤回' THEN '撤回' ELSE NULL END AS excluded_reason,
  CAST(c.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS on_at,
  CAST(c.due_on AS TIMESTAMP) + INTERVAL '86399' SECOND AS due_at
FROM core.civil_service AS c
WHERE c.due_on IS NOT NULL
