import type { NodeStatus, PoolStatus } from '@unite/db-ha';
import { StatusMark } from '../status-mark';
import styles from './node-card.module.css';
import { nodeStates } from './node-states';
import { bytes, duration, postgresVersion } from './units';

export interface NodeCardProps {
  readonly node: NodeStatus;
  /** When the status was taken. */
  readonly atMs: number;
  /** Whether it is the one that takes writes. */
  readonly isWriter: boolean;
}

/** One server: what it is, how it is, and what it is doing for this process. */
export function NodeCard({ node, atMs, isWriter }: NodeCardProps) {
  const { name, role, state, reason, serverVersion, seenAtMs } = node;
  return (
    <li className={`panel ${styles.card}`} data-state={state}>
      <div>
        <div className={styles.head}>
          <h2>
            <code>{name}</code>
          </h2>
          <StatusMark {...nodeStates[state]} />
        </div>
        <p className={styles.role}>
          <span className="tag">{role === 'unknown' ? 'role unknown' : role}</span>
          <span className="muted">{isWriter ? 'takes writes' : servingOf(node)}</span>
        </p>
      </div>
      {reason ? <p className={styles.reason}>{reason}</p> : <span />}
      <dl className={styles.facts}>
        <Fact name="Behind">{behind(node)}</Fact>
        <Fact name="Log position">
          {node.lsn === undefined ? '–' : `${node.lsn}, timeline ${node.timeline}`}
        </Fact>
        <Fact name="Read latency">
          {node.latencyMs === undefined || state !== 'up' ? '–' : duration(node.latencyMs)}
        </Fact>
        <Fact name="In flight">{node.inFlight}</Fact>
        {/* It guards the reads of replicas, and tells nothing about others. */}
        <Fact name="Breaker">{role === 'replica' ? breakers[node.breaker] : '–'}</Fact>
        <Fact name="Connections">
          {node.pools.length === 0
            ? 'none'
            : node.pools.map((pool, index) => <PoolUse key={index} pool={pool} />)}
        </Fact>
        <Fact name="Last answer">
          {seenAtMs === undefined ? 'never' : `${duration(Math.max(0, atMs - seenAtMs))} ago`}
        </Fact>
        <Fact name="PostgreSQL">{serverVersion === undefined ? '–' : postgresVersion(serverVersion)}</Fact>
      </dl>
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** `write: 2 of 10 busy, 1 waiting` */
function PoolUse({ pool }: { readonly pool: PoolStatus }) {
  const { purpose, max, total, idle, waiting } = pool;
  return (
    <span className={styles.pool}>
      {purpose}: {total - idle} of {max} busy{waiting > 0 && `, ${waiting} waiting`}
    </span>
  );
}

const breakers = {
  closed: 'closed',
  open: 'open: rests after failures',
  'half-open': 'half open: coming back',
} as const;

function servingOf({ role, state }: NodeStatus): string {
  if (state !== 'up') return 'gets nothing';
  return role === 'replica' ? 'serves reads' : 'gets nothing';
}

function behind({ role, state, lagBytes, lagMs }: NodeStatus): string {
  if (role === 'primary') return state === 'up' ? 'leads' : '–';
  if (lagBytes === undefined) return '–';
  if (lagBytes === 0) return 'nothing';
  return lagMs === undefined ? bytes(lagBytes) : `${bytes(lagBytes)}, at most ${duration(lagMs)}`;
}
