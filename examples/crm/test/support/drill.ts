import type { ClusterReport } from '../../lib/ops/cluster-report';
import { type Answer, type ApiOptions, api } from './api';

/** The servers that may be killed, as they were at the start. */
export const [primaryUrl = '', replica1Url = '', replica2Url = ''] = (
  process.env.TEST_DRILL_URLS ?? ''
).split(',');

export type ServerName = 'primary' | 'replica_1' | 'replica_2' | 'redis';

/** Signals a server and all its processes, or starts it again. */
export async function drill(
  server: ServerName,
  action: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'start',
): Promise<void> {
  const response = await fetch(`${process.env.TEST_DRILL_CONTROL}/${server}/${action}`, { method: 'POST' });
  if (!response.ok) throw new Error(await response.text());
}

/** A request to the application on those servers. */
export function onDrill(path: string, options: ApiOptions = {}): Promise<Answer> {
  return api(path, { ...options, origin: process.env.TEST_DRILL_ORIGIN });
}

/** What the application knows of the servers, once that is so. */
export async function untilCluster(
  isSo: (cluster: ClusterReport['cluster']) => boolean,
): Promise<ClusterReport['cluster']> {
  for (;;) {
    const { text } = await onDrill('/api/ops/cluster');
    const { cluster } = JSON.parse(text) as ClusterReport;
    if (isSo(cluster)) return cluster;
  }
}
