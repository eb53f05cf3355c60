import type { ClusterStatus, NodeStatus } from '@unite/db-ha';

/** How the cluster does, in a word and a sentence. */
export interface Verdict {
  readonly level: 'healthy' | 'degraded' | 'down';
  readonly sentence: string;
}

export function verdictOf({ primary, refusal, waitingWrites, nodes }: ClusterStatus): Verdict {
  const isReadable = nodes.some(({ role, state }) => role === 'replica' && state === 'up');
  if (!primary) {
    const why =
      refusal ??
      (nodes.some(({ role }) => role === 'primary') ? 'No primary may be used' : 'No primary answers');
    const waiting =
      waitingWrites === 0 ? 'Saving waits for one' : `${count(waitingWrites, 'write')} waiting for one`;
    return {
      level: 'down',
      sentence: `${why}. ${waiting}; ${isReadable ? 'replicas go on serving reads' : 'nothing can be read either'}.`,
    };
  }
  const away = nodes.filter(({ state }) => state !== 'up');
  if (away.length > 0)
    return { level: 'degraded', sentence: `${away.map(saying).join(', ')}. Writes go to ${primary}.` };
  const replicas = nodes.length - 1;
  const reads =
    replicas === 0 ? 'There is no replica to read from' : `${count(replicas, 'replica')} serving reads`;
  return { level: 'healthy', sentence: `Writes go to ${primary}; ${reads}.` };
}

function saying({ name, state }: NodeStatus): string {
  return state === 'unknown' ? `${name} has not been asked yet` : `${name} is ${state}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
