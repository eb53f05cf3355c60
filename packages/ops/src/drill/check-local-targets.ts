import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { OpsError } from '../errors';
import type { Drill } from './drill-types';
import type { LookUp, RunDrillsOptions } from './scorecard-types';
import { type Host, hostsOf } from './target-hosts';

/** RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3. An IPv4 address that is mapped into IPv6 counts as what it is. */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const systemLookup: LookUp = async (name) => {
  const addresses = await resolve(name, { all: true });
  return addresses.map(({ address }) => address);
};

/**
 * Refuses a drill that could break something beyond this machine. Of this machine are loopback addresses, names that
 * resolve to nothing else, and Unix sockets. An address of one of its interfaces is not enough: it is the one under
 * which others reach it, and moves. Neither is `0.0.0.0`.
 *
 * @throws OpsError `UNITE_OPS_DRILL_REFUSED` that names the drill and the target, without its password
 */
export async function checkLocalTargets(
  { name, targets }: Pick<Drill, 'name' | 'targets'>,
  { allowTargets = [], lookup = systemLookup }: Pick<RunDrillsOptions, 'allowTargets' | 'lookup'> = {},
): Promise<void> {
  for (const [at, target] of targets.entries()) {
    const reason = await reasonAgainst(target, allowTargets, lookup);
    if (reason === undefined) continue;
    throw new OpsError('UNITE_OPS_DRILL_REFUSED', `drill "${name}" is refused: targets[${at}] ${reason}`);
  }
}

async function reasonAgainst(
  target: string,
  allowed: readonly string[],
  lookup: LookUp,
): Promise<string | undefined> {
  const hosts = hostsOf(target);
  if (typeof hosts === 'string') return hosts;
  for (const host of hosts) {
    const reason = allowed.includes(host.name) ? undefined : await reasonAgainstHost(host, lookup);
    if (reason !== undefined) return `(${host.name}) ${reason}`;
  }
  return undefined;
}

async function reasonAgainstHost({ name, isSocket }: Host, lookup: LookUp): Promise<string | undefined> {
  if (isSocket) return undefined;
  if (isIP(name)) return isLoopback(name) ? undefined : 'is not a loopback address of this machine';
  let addresses: readonly string[];
  try {
    addresses = await lookup(name);
  } catch {
    return 'cannot be looked up, so it may be any machine';
  }
  if (addresses.length === 0) return 'has no address';
  const foreign = addresses.find((address) => !isLoopback(address));
  return foreign === undefined ? undefined : `is ${foreign}, which is not a loopback address of this machine`;
}

function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
