import { OpsError } from '../errors';
import type { DeploySlot } from './deploy-types';
import { type ProxyServer, takesUsers } from './haproxy/proxy-server';
import type { DeployPlan } from './plan-deploy';

/** What the running release weighs; a canary never does. */
export const fullWeight = 100;

/** Which slot has the users, and which one is free. */
export interface Slots {
  /** `undefined` where none is up. */
  readonly active: DeploySlot | undefined;
  readonly idle: DeploySlot;
}

/**
 * Finds out from the proxy which slot is active: the one that takes users. Where both do, it is the one of full weight,
 * and the other is what a deployment left that was killed.
 *
 * @throws OpsError `UNITE_OPS_PROXY_UNUSABLE`, `UNITE_OPS_DEPLOY_REFUSED`
 */
export function findSlots(servers: readonly ProxyServer[], { slots, proxy, initial }: DeployPlan): Slots {
  const [one, other] = slots.map((name) => serverOf(servers, name)) as [ProxyServer, ProxyServer];
  const strangers = servers.filter(({ name, isBackup }) => !slots.includes(name) && !isBackup);
  if (strangers.some(takesUsers)) {
    const names = strangers.map(({ name }) => name).join(', ');
    throw refused(`backend "${proxy.backend}" has other servers that take users, too: ${names}`);
  }
  const [first, second] = [one, other].filter(takesUsers);
  if (!first) {
    if (initial) return { active: undefined, idle: slotOf(one) };
    throw refused(
      `neither ${one.name} (${one.status}, ${one.check}) nor ${other.name} (${other.status}, ${other.check}) is up: there is nothing to compare a release with, and nothing to go back to. For the first one, say so: initial (--initial)`,
    );
  }
  if (!second) return { active: slotOf(first), idle: slotOf(first === one ? other : one) };
  const full = [first, second].filter(({ weight }) => weight === fullWeight);
  if (full.length !== 1) {
    throw refused(
      `${first.name} and ${second.name} both take users, with weights of ${first.weight} and ${second.weight}: nobody can say which of them is the running release. It has to have ${fullWeight}, and the other none`,
    );
  }
  const [active, idle] = first === full[0] ? [first, second] : [second, first];
  return { active: slotOf(active), idle: slotOf(idle) };
}

/** @throws OpsError `UNITE_OPS_PROXY_UNUSABLE` that names those which there are */
export function serverOf(servers: readonly ProxyServer[], name: string): ProxyServer {
  const server = servers.find((one) => one.name === name);
  if (server) return server;
  const known = servers.map((one) => one.name).join(', ');
  throw new OpsError(
    'UNITE_OPS_PROXY_UNUSABLE',
    `the backend has no server "${name}", but ${known || 'none at all'}; see "slots"`,
  );
}

function slotOf({ name, host, port }: ProxyServer): DeploySlot {
  return { name, host, port };
}

function refused(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_REFUSED', message);
}
