import { freePort } from '../plain/free-port.mjs';
import type { RedisCluster, RedisClusterOptions } from '../types';
import { askRedis } from './ask-redis';
import { checkSettings } from './check-settings';
import { GroupService } from './group-service';
import type { RedisGroup } from './redis-group';
import type { RedisNode } from './redis-node';
import { serverSettings } from './server-settings';
import { startRedisGroup } from './start-redis-group';

/** First and last slot of each master. */
const slotRanges = [
  ['0', '5460'],
  ['5461', '10922'],
  ['10923', '16383'],
] as const;

/**
 * Starts a Redis Cluster of three masters without replicas (Redis 7 or newer), found as `startRedis` finds
 * its one, though not in Docker. Resolves when each of them serves its slots and knows the others.
 *
 * They listen on 127.0.0.1 alone, with one generated password, and end with this process, however it ends.
 *
 * @throws ServicesError `REDIS_UNAVAILABLE`, `REDIS_FAILED`, `INVALID_OPTION`
 * @example
 * await using cluster = await startRedisCluster();
 * const client = createCluster({ rootNodes: cluster.urls.map((url) => ({ url })) });
 */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  checkSettings(options.settings ?? {}, ['port', 'cluster-enabled', 'cluster-port', 'cluster-config-file']);
  const settings = serverSettings({ 'cluster-node-timeout': '2000', ...options.settings });
  const kind = { name: 'redis-cluster', title: 'a Redis cluster', inDocker: false };
  return startRedisGroup(kind, options, async (group) => {
    const nodes = await group.startAll(
      slotRanges.map((_, index) => ({ name: `master_${index + 1}`, settings: () => master(settings) })),
    );
    await join(nodes);
    await group.until('every master served its slots', () => isWhole(nodes));
    return new LocalRedisCluster(group, nodes);
  });
}

async function master(settings: ReturnType<typeof serverSettings>) {
  return {
    masterauth: settings.requirepass,
    ...settings,
    'cluster-enabled': 'yes',
    'cluster-announce-ip': '127.0.0.1',
    // By default the port plus 10,000, which may be taken, or be none.
    'cluster-port': String(await freePort()),
  };
}

async function join(nodes: readonly RedisNode[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const range = slotRanges[index] as (typeof slotRanges)[number];
    await askRedis(node.url, ['CLUSTER', 'ADDSLOTSRANGE', ...range]);
    // Distinct from the start, so that the masters need not settle it among themselves.
    await askRedis(node.url, ['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
  }
  // Each of them, as what they learn from one another alone takes a second longer.
  for (const node of nodes) {
    for (const other of nodes) await meet(node, other);
  }
}

async function meet(node: RedisNode, other: RedisNode): Promise<void> {
  if (node === other) return;
  const address = ['127.0.0.1', String(other.port), other.setting('cluster-port')];
  await askRedis(node.url, ['CLUSTER', 'MEET', ...address]);
}

async function isWhole(nodes: readonly RedisNode[]): Promise<boolean> {
  const states = await Promise.all(nodes.map(({ url }) => askRedis(url, ['CLUSTER', 'INFO'])));
  return states.every((state) => {
    const lines = String(state).split('\r\n');
    return lines.includes('cluster_state:ok') && lines.includes(`cluster_known_nodes:${nodes.length}`);
  });
}

class LocalRedisCluster extends GroupService implements RedisCluster {
  readonly #nodes: readonly RedisNode[];

  constructor(group: RedisGroup, nodes: readonly RedisNode[]) {
    super(group);
    this.#nodes = nodes;
  }

  get urls(): readonly string[] {
    return this.#nodes.map(({ url }) => url);
  }

  get pids(): readonly (number | undefined)[] {
    return this.#nodes.map(({ pid }) => pid);
  }
}
