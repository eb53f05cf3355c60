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
  const startedMs = performance.now();
  let servers = await proxy.servers();
  while (!servers.every(isChecked) && performance.now() - startedMs < patienceMs) {
    await systemClock.sleep(lookMs, signal);
    servers = await proxy.servers();
  }
  return servers;
}

function isChecked({ status, check }: ProxyServer): boolean {
  return status === 'MAINT' || !check.startsWith('INI');
}
