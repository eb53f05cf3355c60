import type { Finding } from '@unite/core';
import { failed, passed, skipped, warned } from '../finding';
import { numberIn, type ServerInfo } from './server-info';

/** Before it, parts of Redis are missing that the scripts of caches and quotas use. */
const oldestMajorVersion = 7;

/** Above this share of memory, a server that evicts nothing is about to refuse writes. */
const highMemoryShare = 0.9;

/** What it is. */
export function serverFinding(info: ServerInfo): Finding {
  const version = info.get('redis_version') ?? 'unknown';
  const kind = info.get('redis_mode') ?? 'standalone';
  const detail = `Redis ${version}, ${kind}, ${info.get('role') ?? 'unknown role'}`;
  const measured = { version, mode: kind };
  if (Number.parseInt(version, 10) >= oldestMajorVersion) return passed('server', detail, measured);
  return warned('server', `${detail}: older than ${oldestMajorVersion}`, 'Upgrade it.', measured);
}

/** What happens when memory is full. */
export function memoryFindings(info: ServerInfo, purpose: 'cache' | 'store' | undefined): Finding[] {
  const maxBytes = numberIn(info, 'maxmemory');
  const usedBytes = numberIn(info, 'used_memory');
  const policy = info.get('maxmemory_policy');
  const findings = purpose ? [evictionFinding(purpose, maxBytes, policy)] : [];
  if (policy === 'noeviction' && maxBytes > 0 && usedBytes > highMemoryShare * maxBytes) {
    findings.push(
      warned(
        'memory',
        `${Math.round((100 * usedBytes) / maxBytes)} % of maxmemory is used, and nothing is evicted: writes are refused when it is full`,
        'Raise maxmemory, or look what keeps growing.',
        { usedBytes, maxBytes },
      ),
    );
  }
  return findings;
}

function evictionFinding(purpose: 'cache' | 'store', maxBytes: number, policy: string | undefined): Finding {
  if (policy === undefined) return skipped('eviction', 'INFO does not tell maxmemory_policy');
  const evicts = policy !== 'noeviction';
  const measured = { policy, maxBytes };
  if (purpose === 'store') {
    if (!evicts) return passed('eviction', 'nothing is evicted, as a store needs it', measured);
    if (maxBytes === 0) {
      return warned(
        'eviction',
        `nothing is evicted only because maxmemory is 0: with a limit ${policy} drops what a store has to keep`,
        'Set maxmemory-policy to noeviction before anybody sets maxmemory.',
        measured,
      );
    }
    return failed(
      'eviction',
      `${policy} drops what a store has to keep`,
      'Set maxmemory-policy to noeviction, or keep cache and store on servers of their own.',
      measured,
    );
  }
  if (maxBytes === 0) {
    return warned(
      'eviction',
      'maxmemory is 0: the cache grows until the system ends the server',
      'Set maxmemory, and maxmemory-policy to allkeys-lfu.',
      measured,
    );
  }
  if (evicts) return passed('eviction', `${policy} makes room when memory is full`, measured);
  return warned(
    'eviction',
    'noeviction refuses writes when memory is full, where a cache should make room',
    'Set maxmemory-policy to allkeys-lfu.',
    measured,
  );
}

/**
 * What a restart of a store loses.
 *
 * @param save the setting of that name; `undefined` where it may not be read
 */
export function persistenceFinding(info: ServerInfo, save: string | undefined): Finding {
  const hasLog = info.get('aof_enabled') === '1';
  const hasSnapshots = save !== undefined && save.trim() !== '';
  if (hasLog && info.get('aof_last_write_status') === 'err') {
    return failed(
      'persistence',
      'the append-only file cannot be written',
      'Look at the disk and into the log.',
    );
  }
  if (hasSnapshots && info.get('rdb_last_bgsave_status') === 'err') {
    return failed('persistence', 'the last snapshot failed', 'Look at the disk and into the log.');
  }
  if (hasLog) return passed('persistence', 'an append-only file is kept');
  if (hasSnapshots) return passed('persistence', `snapshots are kept (save ${save})`);
  return warned(
    'persistence',
    save === undefined
      ? 'there is no append-only file, and whether there are snapshots may not be read'
      : 'there are neither snapshots nor an append-only file: a restart loses everything',
    'Set appendonly to yes, with appendfsync everysec.',
  );
}

/** Whether every slot of a cluster is served. */
export function clusterFinding(cluster: ServerInfo): Finding {
  const state = cluster.get('cluster_state') ?? 'unknown';
  const slots = numberIn(cluster, 'cluster_slots_ok');
  if (state === 'ok' && slots === 16_384) return passed('cluster', 'every slot is served', { slots });
  return failed(
    'cluster',
    `its state is ${state}, ${slots} of 16384 slots are served`,
    'Start the masters that are missing, or give their slots to others.',
    { slots },
  );
}
