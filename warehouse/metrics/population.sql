-- population: 人口与房屋
-- formula: 期末最近一次统计的各类人数、房屋数；各类相互包含，分列，不相加
-- basis: accepted
-- exclusions: 少于 5 的由公安不公布
-- unit: 人、套
-- polarity: none
-- small_n: 0
-- version: 1
-- changed: 2026-11-29
-- document: 公安人口管理统计（脱敏汇总）
-- owner: 派出所
-- kind: stock
-- platforms: population_stat
-- lines: 01 常住人口, 02 户籍人口, 03 流动人口, 04 60岁及以上, 05 80岁及以上, 06 持证残疾人, 07 低保对象, 08 出租房屋, 09 社区矫正对象
-- about_persons: yes
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
  CAST(NULL AS VARCHAR) AS class_path,
  c.line AS line,
  c.amount AS num,
  c.amount AS den,
  CAST(c.amount AS DOUBLE) AS value,
  c.withheld AS excluded_reason,
  c.from_at AS on_at,
  CAST(c.from_at AS DATE) AS from_day,
  CAST(c.until_at AS DATE) AS until_day,
  c.from_at AS from_at,
  c.until_at AS until_at
FROM mart.population_spell AS c
