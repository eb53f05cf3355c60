import { isIP } from 'node:net';
import type { PatroniMember } from './types';

/**
 * Reads the document of `GET /cluster`. Members without an address, as they are before their first start, are
 * left out; roles and states that are not known here are kept.
 *
 * @see https://patroni.readthedocs.io/en/latest/rest_api.html#cluster-status-endpoints
 * @throws TypeError that says what is wrong with the document
 */
export function parseMembers(document: unknown): PatroniMember[] {
  const members = isRecord(document) ? document.members : undefined;
  if (!Array.isArray(members)) throw new TypeError('the document has no list of members');
  return members.flatMap((member, index) => {
    if (!isRecord(member)) throw new TypeError(`members[${index}] is no object`);
    return member.host === undefined ? [] : [parseMember(member, `members[${index}]`)];
  });
}

function parseMember(member: Record<string, unknown>, place: string): PatroniMember {
  const { name, role, state, host, port = 5432, timeline, lag, tags } = member;
  if (typeof name !== 'string' || name === '') throw new TypeError(`${place} has no name`);
  if (typeof role !== 'string') throw new TypeError(`${place} has no role`);
  if (typeof state !== 'string') throw new TypeError(`${place} has no state`);
  if (!isHost(host)) throw new TypeError(`the host of ${place} is no host`);
  if (!isPort(port)) throw new TypeError(`the port of ${place} is no port`);
  return {
    name,
    role,
    state,
    host,
    port,
    address: `${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    timeline: typeof timeline === 'number' ? timeline : undefined,
    // `unknown` where the member has not reported it.
    lagBytes: typeof lag === 'number' ? lag : undefined,
    tags: isRecord(tags) ? tags : {},
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What may stand in a URL between `@` and `:` without leading elsewhere. */
function isHost(host: unknown): host is string {
  return (
    typeof host === 'string' &&
    (/^\w[\w.-]{0,252}$/.test(host) || (/^[\da-f:.]+$/i.test(host) && isIP(host) === 6))
  );
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port) && (port as number) > 0 && (port as number) < 65_536;
}
