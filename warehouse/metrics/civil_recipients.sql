-- civil_recipients: 民政在享人数
-- formula: 期末已批准且未停发的持续性待遇人次（低保、特困、高龄津贴、居家养老、残疾人两项补贴、困境儿童、优抚）
-- basis: accepted
-- exclusions: 一次性待遇；不予批准、撤回
-- unit: 人次
-- polarity: none
-- small_n: 10
-- version: 1
-- changed: 2026-11-29
-- document: 民政服务工作口径
-- owner: 民政办
-- kind: stock
-- rows: civil_service
-- platforms: civil_affairs
-- about_persons: yes
SELECT
  c.source AS source,
  c.service_no AS key,
  CAST(CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP) AS DATE) AS on_day,
  CASE
    WHEN CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP) = CAST(CAST(CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP) AS DATE) AS TIMESTAMP) THEN NULL
    ELSE CAST(EXTRACT(HOUR FROM CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP)) AS INTEGER)
  END AS on_hour,
  c.community_code AS community,
  CAST(NULL AS VARCHAR) AS grid,
  '民政办' AS unit,
  c.kind AS class_path,
  CAST(NULL AS VARCHAR) AS line,
  1 AS num,
  1 AS den,
  CAST(1 AS DOUBLE) AS value,
  CAST(NULL AS VARCHAR) AS excluded_reason,
  CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP) AS on_at,
  CAST(CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP) AS DATE) AS from_day,
  CAST(CAST(c.stopped_on AS TIMESTAMP) AS DATE) AS until_day,
  CAST(COALESCE(c.effective_from, c.decided_on) AS TIMESTAMP) AS from_at,
  CAST(c.stopped_on AS TIMESTAMP) AS until_at
FROM core.civil_service AS c
WHERE c.result = '同意' AND COALESCE(c.effective_from, c.decided_on) IS NOT NULL
  AND c.kind IN ('最低生活保障', '特困供养', '高龄津贴', '居家养老', '残疾人两项补贴', '困境儿童', '优抚')
