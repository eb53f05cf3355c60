import { assumptions, processesAt } from '../assumptions.mjs';
import { bytes, loadName, num, percent, wholePercent } from './words.mjs';

/** Defaults of createCluster, in packages/db-ha. */
const poolMax = 10;
const readsOnPrimary = poolMax / 2;
const controlConnections = 1;
const healthCheckS = 10;
const behindPerS = 4;
const onPrimary = poolMax + readsOnPrimary + controlConnections;
const onReplica = poolMax + controlConnections;
const maxConnections = 100;
/** Time that a request has a connection, in seconds. */
const heldS = 0.01;

function sumsAt(units, load) {
  const { databaseReads, readTimes, writeShare, ownReadShare, databaseProcessors, busyShare } = assumptions;
  const processes = processesAt(load);
  const processorsOf = (perS, us) => (perS * us) / 1e6;
  const server = databaseProcessors * busyShare;
  const reads = processorsOf(load * databaseReads, units.selectUs * readTimes);
  const writes = processorsOf(load * writeShare, units.insertUs * readTimes);
  return {
    processes,
    reads,
    writes,
    readServers: reads / server,
    writeServers: writes / server,
    probes: processorsOf(processes / healthCheckS, units.probeUs),
    positions: processorsOf(load * ownReadShare, units.positionUs),
    behind: processorsOf(processes * behindPerS, units.probeUs + units.positionUs),
    primaryConnections: processes * onPrimary,
    replicaConnections: processes * onReplica,
    busyConnections: load * (databaseReads + writeShare) * heldS,
  };
}

export function databaseTable(units) {
  const { loads, databaseReads, readTimes, writeShare } = assumptions;
  const sums = loads.map((load) => sumsAt(units, load));
  const row = (what, cell) => [what, ...sums.map(cell)];
  const processors = (value) => `${num(value)} processors`;
  return [
    ['PostgreSQL', ...loads.map(loadName)],
    row(
      `reads: load × ${databaseReads} × ${readTimes} × ${num(units.selectUs)} µs, on all replicas`,
      ({ reads }) => processors(reads),
    ),
    row(
      `writes: load × ${writeShare} × ${readTimes} × ${num(units.insertUs)} µs, on the primary`,
      ({ writes }) => processors(writes),
    ),
    row(`probes of a node: P ÷ ${healthCheckS} s × ${num(units.probeUs)} µs`, ({ probes }) =>
      processors(probes),
    ),
    row(
      `positions for sessions: load × ${assumptions.ownReadShare} × ${num(units.positionUs)} µs`,
      ({ positions }) => processors(positions),
    ),
    row(
      `a replica that lags: P × ${behindPerS} × ${num(units.probeUs + units.positionUs)} µs`,
      ({ behind }) => processors(behind),
    ),
  ];
}

export function connectionsTable(units) {
  const { loads } = assumptions;
  const sums = loads.map((load) => sumsAt(units, load));
  const row = (what, cell) => [what, ...sums.map(cell)];
  return [
    ['connections', ...loads.map(loadName)],
    row(
      `to the primary: P × (${poolMax} + ${readsOnPrimary} + ${controlConnections})`,
      ({ primaryConnections }) => num(primaryConnections),
    ),
    row(`to each replica: P × (${poolMax} + ${controlConnections})`, ({ replicaConnections }) =>
      num(replicaConnections),
    ),
    row(`memory of the primary’s, ${bytes(units.connectionBytes)} each`, ({ primaryConnections }) =>
      bytes(primaryConnections * units.connectionBytes),
    ),
    row(`in use, on all nodes: load × 0.55 × ${heldS * 1e3} ms`, ({ busyConnections }) =>
      num(busyConnections),
    ),
    [
      `processes until max_connections, ${maxConnections}, are taken`,
      ...loads.map(() => num(Math.floor(maxConnections / onPrimary))),
    ],
  ];
}

export function ownReadsTable(_, { readYourWrites }) {
  const text = ({ atOnce, waited, primary }) => [atOnce, waited, primary].map(wholePercent).join(' · ');
  return [
    [
      'replay is busy',
      'commits a second',
      '5 ms after the commit',
      '2 s after, its position known',
      '2 s after, its position asked for then',
    ],
    ...readYourWrites.map(({ load, commitsPerS, soon, later, autocommit }) => [
      percent(load),
      num(commitsPerS),
      text(soon),
      text(later),
      text(autocommit),
    ]),
  ];
}

export function connectionsSummary() {
  const { loads } = assumptions;
  return {
    design: '[db-ha](#connections): connections',
    unit: `${onPrimary} to the primary for each process, ${onReplica} to a replica`,
    limit: `${num(Math.floor(maxConnections / onPrimary))} processes at max_connections ${maxConnections}`,
    cells: loads.map((load) => num(processesAt(load) * onPrimary)),
    next: '`pool.max` by what is in use, then PgBouncer in transaction mode',
  };
}

export function statementsSummary(units) {
  const { databaseProcessors, busyShare, readTimes, loads } = assumptions;
  const perS = (databaseProcessors * busyShare * 1e6) / (units.selectUs * readTimes);
  return {
    design: '[db-ha](#reads-and-writes): reads and writes',
    unit: `${num(units.selectUs * readTimes)} µs of PostgreSQL a read, ${num(units.insertUs * readTimes)} a write`,
    limit: `${num(perS)} reads/s on ${databaseProcessors} processors`,
    cells: loads.map((load) => {
      const { readServers, writeServers } = sumsAt(units, load);
      return `${num(Math.ceil(readServers))} for reads, ${num(writeServers)} primaries`;
    }),
    next: 'replicas for reads; for writes tenants on several clusters: cells',
  };
}
