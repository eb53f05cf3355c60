import type { Observation } from '../src/node/cluster-node';
import type { ServerReport } from '../src/node/server-report';

/** What a primary of timeline 1 says, but for what is given. */
export function report(says: Partial<ServerReport> = {}): ServerReport {
  return {
    systemId: 'ours',
    role: 'primary',
    timeline: 1,
    lsn: 100n,
    insertLsn: says.role === 'replica' ? undefined : 100n,
    isReceiving: says.role === 'replica',
    startedAt: 'then',
    backendPid: 1,
    serverVersion: 180_000,
    commitsAsynchronously: false,
    walSegmentBytes: 16_777_216n,
    ...says,
  };
}

export function up(says: Partial<ServerReport> = {}): Observation {
  return { isUp: true, report: report(says), acceptsConnections: true };
}

export function down(error: unknown = new Error('no answer')): Observation {
  return { isUp: false, error };
}
