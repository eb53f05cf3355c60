import type { CheckResult } from '../health/health-types';
import { type DatabaseGroups, groupStatuses } from './group-statuses';
import type { ClusterLike, ClusterStatusLike } from './postgres-types';
import { postgresFailure } from './postgres-words';
import { NoAnswerError, RoundTrip } from './round-trip';

/** Errors of a query that say nothing of the primary: too many wait, or whoever asked for health has gone. */
const inconclusive = new Set<unknown>([
  'UNITE_DB_QUEUE_FULL',
  'UNITE_DB_DEADLINE_EXCEEDED',
  'UNITE_DB_ABORTED',
]);

/** Looks at a cluster: what it knows, and whether its primary answers, of which the cluster may not have heard lately. */
export function clusterLook(
  db: ClusterLike,
  groups: DatabaseGroups,
): (signal: AbortSignal, waitMs: number) => Promise<CheckResult> {
  const survey = new RoundTrip(async () => db.ready?.());
  const toPrimary = new RoundTrip(async () => db.readOnly?.({ consistency: 'strong' }).query('SELECT 1'));

  return async (signal, waitMs) => {
    const untilMs = performance.now() + waitMs;
    // What comes of it is in the status. The other half of the time is the primary's.
    if (isUnknown(db.status())) await survey.ask(waitMs / 2, signal).catch(() => signal.throwIfAborted());
    const failure = await primaryFailure(Math.max(1, Math.round(untilMs - performance.now())), signal);
    return judge(db.status(), failure, groups);
  };

  async function primaryFailure(waitMs: number, signal: AbortSignal): Promise<string | undefined> {
    if (db.status().primary === undefined) return undefined;
    try {
      await toPrimary.ask(waitMs, signal);
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return isOfPrimary(error, db.status()) ? postgresFailure(error) : undefined;
    }
  }
}

function isUnknown({ nodes }: ClusterStatusLike): boolean {
  return nodes.every(({ state }) => state === 'unknown');
}

/** Reads have connections of their own to the primary. That these are taken does not keep anybody from writing. */
function isOfPrimary(error: unknown, { nodes, primary }: ClusterStatusLike): boolean {
  if (inconclusive.has((error as { code?: unknown } | undefined)?.code)) return false;
  const pools = nodes.find(({ name }) => name === primary)?.pools ?? [];
  const readsWait = pools.some(({ purpose, waiting }) => purpose === 'read' && waiting > 0);
  return !(error instanceof NoAnswerError && readsWait);
}

function judge(
  status: ClusterStatusLike,
  failure: string | undefined,
  { group, writeGroup }: DatabaseGroups,
): CheckResult {
  const canWrite = status.primary !== undefined && failure === undefined;
  const up = status.nodes.filter(({ role, state }) => role === 'replica' && state === 'up').length;
  // All but the primary, also where nobody knows which one that was.
  const replicas = Math.max(status.nodes.length - 1, up);
  const canRead = canWrite || up > 0;
  const groups = groupStatuses([
    [group, canRead],
    [writeGroup, canWrite],
    ['degraded', up === replicas],
  ]);
  const detail = [
    primaryWords(status, failure),
    ...(replicas > 0 ? [`${up} of ${replicas} replicas up`] : []),
  ].join('; ');
  return { ...(canWrite && { status: up === replicas ? 'up' : 'degraded' }), groups, detail };
}

function primaryWords(status: ClusterStatusLike, failure: string | undefined): string {
  if (failure !== undefined) return `primary: ${failure}`;
  if (status.primary !== undefined) return 'primary up';
  if (isUnknown(status)) return 'no node has answered yet';
  return status.refusal === undefined
    ? 'no primary'
    : `no primary (${withoutAddresses(status.refusal, status)})`;
}

/** A node without a name of its own is called by its address. */
function withoutAddresses(text: string, { nodes }: ClusterStatusLike): string {
  return nodes.reduce(
    (words, { host }, index) => words.replaceAll(wholeWord(host), `node ${index + 1}`),
    text,
  );
}

function wholeWord(host: string): RegExp {
  return new RegExp(`(?<![\\w.-])${host.replace(/[^\w]/g, '\\$&')}(:\\d+)?(?!\\w|[.-]\\w)`, 'g');
}
