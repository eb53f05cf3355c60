import { systemClock } from '@unite/shared';
import type { HaproxyControl } from './haproxy-control';
import type { ProxyServer } from './proxy-server';

const lookMs = 50;
const patienceMs = 10_000;

/** The servers after their first health check: before it HAProxy takes each of them to be up, whether or not it is. */
export async function checkedServers(
  proxy: HaproxyControl,
  signal: AbortSignal | undefined,
): Promise<readonly ProxyServer[]> {
  for (const startedMs = performance.now(); ; await systemClock.sleep(lookMs, signal)) {
    const servers = await proxy.servers();
    const isChecked = servers.every(({ status, check }) => status === 'MAINT' || !check.startsWith('INI'));
    if (isChecked || performance.now() - startedMs > patienceMs) return servers;
  }
}
