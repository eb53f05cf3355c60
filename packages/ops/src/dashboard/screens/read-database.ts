import type { DatabaseScreen } from '../screen-types';
import type { ScreenSources } from './screen-source-types';

/** Who is primary, how far behind are replicas? Hosts and ports of nodes stay where they are. */
export function readDatabase({ options, collectors }: ScreenSources): DatabaseScreen {
  const status = options.cluster?.status();
  return {
    name: status?.name ?? '',
    primary: status?.primary,
    refusal: status?.refusal,
    timeline: status?.timeline,
    waitingWrites: status?.waitingWrites ?? 0,
    failovers: status?.counts.failovers ?? 0,
    replicaReads: status?.counts.replicaReads ?? 0,
    primaryReads: status?.counts.primaryReads ?? 0,
    nodes: (status?.nodes ?? []).map(
      ({ name, role, state, reason, lagMs, lagBytes, latencyMs, breaker, inFlight, pools }) => ({
        name,
        role,
        state,
        reason,
        lagMs,
        lagBytes,
        latencyMs,
        breaker,
        inFlight,
        pools,
      }),
    ),
    changes: [...collectors.database.changes],
  };
}
