-- pump_latest: 每座泵站和闸站最近一次监测：上下游水位、开机台数或开启孔数、流量、故障
-- params: none
-- scope: street
-- platforms: pump_gate
-- wall: yes
SELECT
  p.kind AS kind,
  p.station AS station,
  p.name AS name,
  p.observed_at AS observed_at,
  p.inner_m AS inner_m,
  p.outer_m AS outer_m,
  p.running AS running,
  p.installed AS installed,
  p.flow_m3s AS flow_m3s,
  p.fault AS fault
FROM (
  SELECT 'pump' AS kind, a.source, a.station, a.name, a.observed_at, a.inner_m, a.outer_m,
    a.pumps_on AS running, a.pumps_all AS installed, a.flow_m3s, a.fault
  FROM core.pump_reading AS a
  QUALIFY row_number() OVER (PARTITION BY a.source, a.station ORDER BY a.observed_at DESC) = 1
  UNION ALL
  SELECT 'gate' AS kind, b.source, b.station, b.name, b.observed_at, b.upper_m, b.lower_m,
    b.gates_open, b.gates_all, b.flow_m3s, b.fault
  FROM core.gate_reading AS b
  QUALIFY row_number() OVER (PARTITION BY b.source, b.station ORDER BY b.observed_at DESC) = 1
) AS p
WHERE p.source IN (SELECT s.source FROM mart._source AS s WHERE s.own)
ORDER BY p.kind DESC, p.station
