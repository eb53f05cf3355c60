import type { RouteWrapper, UniteContext } from '@unite/core';
import { currentContext } from '@unite/core/context';

import { readCookie } from './cookies';
import type { DatabaseNode } from './database/node-pool';
import type { Session } from './session';

/** What this application keeps about the request being served. */
export interface RequestFacts {
  readonly session: Session | undefined;
  /** How far the database's log had been written when this person last changed something. */
  readonly seenLsn: string | undefined;
  readonly startedAtMs: number;
  /** Set by the database. */
  node?: DatabaseNode;
  committedLsn?: string;
}

/** Registered, because Next.js gives each route its own copy of this file. */
const key = Symbol.for('crm.request-facts');
const lsnCookie = 'crm_lsn';
/** Replicas are behind by milliseconds; after this long one that is not has been noticed otherwise. */
const lsnMaxAgeSeconds = 900;

/** The facts of the current request; outside of one, nobody's. */
export function requestFacts(): RequestFacts | undefined {
  return currentContext()?.state.get(key) as RequestFacts | undefined;
}

/** Reads the facts from a request's headers into its context, once. */
export function learnFacts(
  context: UniteContext | undefined,
  headers: Headers,
  readSession: (headers: Headers) => Session | undefined,
): void {
  if (!context || context.state.has(key)) return;
  const lsn = readCookie(headers, lsnCookie)?.replace('-', '/');
  context.state.set(key, {
    session: readSession(headers),
    seenLsn: lsn && /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/.test(lsn) ? lsn : undefined,
    startedAtMs: performance.now(),
  } satisfies RequestFacts);
}

/**
 * Learns the facts, and answers with what the database said: which server it was, and how far this person's
 * next reads must have got.
 */
export function withFacts(readSession: (headers: Headers) => Session | undefined): RouteWrapper {
  return (handler) => async (request, args) => {
    learnFacts(currentContext(), request.headers, readSession);
    const response = await handler(request, args);
    const { node, committedLsn } = requestFacts() ?? {};
    if (node) response.headers.set('x-database-node', nodeHeader(node));
    if (committedLsn) {
      // A cookie value takes no slash.
      const value = `${lsnCookie}=${committedLsn.replace('/', '-')}`;
      response.headers.append(
        'set-cookie',
        `${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lsnMaxAgeSeconds}`,
      );
    }
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store');
    return response;
  };
}

/** `replica-1; role=replica; port=5433; detour="replica-2 is down"` */
function nodeHeader({ name, role, port, detour }: DatabaseNode): string {
  return [name, `role=${role}`, `port=${port ?? 'socket'}`, ...(detour ? [`detour="${detour}"`] : [])].join(
    '; ',
  );
}
