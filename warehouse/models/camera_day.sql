-- camera_day: 每路摄像机每日一行：自零时（或首次上报）起到当日该平台最后一次状态上报止，在线和应在线的分钟数、离线次数；当日该平台无上报则无行
-- grain: source, camera_no, on_day
-- reads: mart.camera_state, mart.camera_seen
-- owner: 综治中心
-- partition: on_day
-- looks_back: mart.camera_state changed_at 0
-- check not_null: source, camera_no, on_day
-- check unique: source, camera_no, on_day
-- check no_rows: online_min > service_min
SELECT
  p.source AS source,
  p.camera_no AS camera_no,
  p.on_day AS on_day,
  MAX(p.community) AS at_community,
  MAX(p.unit) AS of_unit,
  MAX(p.industry) AS of_industry,
  SUM(CASE WHEN p.state = '在线' THEN DATE_DIFF('minute', p.begins_at, p.ends_at) ELSE 0 END)
    AS online_min,
  SUM(DATE_DIFF('minute', p.begins_at, p.ends_at)) AS service_min,
  SUM(CASE WHEN p.state = '离线' AND p.begins_at = p.from_at THEN 1 ELSE 0 END) AS outages
FROM (
  SELECT
    s.source AS source,
    s.camera_no AS camera_no,
    d.on_day AS on_day,
    s.community AS community,
    s.unit AS unit,
    s.industry AS industry,
    s.state AS state,
    s.from_at AS from_at,
    GREATEST(s.from_at, CAST(d.on_day AS TIMESTAMP)) AS begins_at,
    LEAST(COALESCE(s.next_at, d.last_at), d.last_at) AS ends_at
  FROM (
    SELECT
      c.source AS source,
      c.camera_no AS camera_no,
      c.community AS community,
      c.unit AS unit,
      c.industry AS industry,
      c.state AS state,
      c.changed_at AS from_at,
      prev(c.changed_at, 1) OVER (
        PARTITION BY c.source, c.camera_no ORDER BY c.changed_at DESC
      ) AS next_at
    FROM (
      SELECT
        n.source AS source,
        n.camera_no AS camera_no,
        n.community AS community,
        n.unit AS unit,
        n.industry AS industry,
        n.state AS state,
        n.changed_at AS changed_at
      FROM mart.camera_state AS n
      UNION ALL
      SELECT
        b.source AS source,
        b.camera_no AS camera_no,
        b.community AS community,
        b.unit AS unit,
        b.industry AS industry,
        b.state AS state,
        b.changed_at AS changed_at
      FROM mart.camera_seen AS b
      JOIN (
        SELECT
          e.source AS source,
          e.camera_no AS camera_no,
          MAX(e.changed_at) AS last_at
        FROM mart.camera_seen AS e
        WHERE e.changed_at < (SELECT MIN(f.changed_at) AS first_at FROM mart.camera_state AS f)
        GROUP BY e.source, e.camera_no
      ) AS l
        ON l.source = b.source AND l.camera_no = b.camera_no AND l.last_at = b.changed_at
    ) AS c
  ) AS s
  JOIN (
    SELECT
      r.source AS source,
      CAST(r.changed_at AS DATE) AS on_day,
      MAX(r.changed_at) AS last_at
    FROM mart.camera_state AS r
    GROUP BY r.source, CAST(r.changed_at AS DATE)
  ) AS d
    ON d.source = s.source
    AND s.from_at < d.last_at
    AND (s.next_at IS NULL OR s.next_at > CAST(d.on_day AS TIMESTAMP))
) AS p
GROUP BY p.source, p.camera_no, p.on_day
