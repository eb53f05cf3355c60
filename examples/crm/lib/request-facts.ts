import type { RouteWrapper } from '@unite/core';
import { currentContext } from '@unite/core/context';
import type { PageRunner } from '@unite/core/next';
import { type CacheRead, cacheStatus } from './cache/cache-read';
import { hasJustChanged, justChanged } from './cache/just-changed';
import type { DatabaseNode } from './database/database-node';
import type { Session } from './session';

/** What this application keeps about the request being served. */
export interface RequestFacts {
  readonly session: Session | undefined;
  readonly startedAtMs: number;
  /** This client's last change is so fresh that another process may not know it. */
  readonly hasJustChanged: boolean;
  /** What was read through the cache, and where it came from. */
  readonly cacheReads: CacheRead[];
  /** Set by the database; a request that the cache served alone has none. */
  node?: DatabaseNode;
  /** Set by whoever changes what others may have cached. */
  changes?: boolean;
}

type ReadSession = (headers: Headers) => Session | undefined;

/** What decides which facts an answer tells. */
interface TellOptions {
  /** How long the news of a change takes at most to reach every process. */
  readonly newsTakesMs: number;
  /** Who is told which server of the database answered. */
  readonly tellsServer: (session: Session | undefined) => boolean;
  readonly isSecure: boolean;
}

/** Registered, because Next.js gives each route its own copy of this file. */
const key = Symbol.for('crm.request-facts');

/** The facts of the current request; outside of one, nobody's. */
export function requestFacts(): RequestFacts | undefined {
  return currentContext()?.state.get(key) as RequestFacts | undefined;
}

/** Learns the facts, and answers with them: which server of the database it was, or which layer of the cache. */
export function withFacts(
  options: TellOptions & {
    readonly readSession: ReadSession;
    /** `Set-Cookie` for a session that would end soon though it is in use. */
    readonly renewSession: (headers: Headers) => string | undefined;
  },
): RouteWrapper {
  const { readSession, renewSession } = options;
  return (handler) => async (request, args) => {
    learnFacts(request.headers, readSession);
    const response = await handler(request, args);
    const renewed = renewSession(request.headers);
    // An answer that signs in or out has the last word.
    if (renewed && response.headers.getSetCookie().length === 0)
      response.headers.append('set-cookie', renewed);
    for (const [name, value] of factHeaders(options)) response.headers.append(name, value);
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store');
    return response;
  };
}

/** The same for pages, inside of their context. */
export function pageFacts(options: {
  readonly page: PageRunner;
  readonly headers: () => Promise<Headers>;
  readonly readSession: ReadSession;
}): PageRunner {
  return (work) =>
    options.page(async () => {
      learnFacts(await options.headers(), options.readSession);
      return await work();
    });
}

/** The facts of work that no request started: whose it is. */
export function learnSession(session: Session): void {
  learnFacts(new Headers(), () => session);
}

/** What an answer says of the facts. */
export function factHeaders({
  newsTakesMs,
  tellsServer,
  isSecure,
}: TellOptions): [name: string, value: string][] {
  const { session, node, changes, cacheReads = [] } = requestFacts() ?? {};
  const told: [name: string, value: string][] = [];
  if (node && tellsServer(session)) told.push(['x-database-node', nodeHeader(node)]);
  if (changes) told.push(['set-cookie', justChanged({ forMs: newsTakesMs, isSecure })]);
  if (cacheReads.length > 0) told.push(['cache-status', cacheStatus(cacheReads)]);
  const ageMs = Math.max(0, ...cacheReads.map((read) => read.ageMs));
  if (ageMs >= 1_000) told.push(['age', String(Math.floor(ageMs / 1_000))]);
  return told;
}

/** Reads the facts from a request's headers into its context, once. */
export function learnFacts(headers: Headers, readSession: ReadSession): void {
  const state = currentContext()?.state;
  if (!state || state.has(key)) return;
  state.set(key, {
    session: readSession(headers),
    hasJustChanged: hasJustChanged(headers),
    cacheReads: [],
    startedAtMs: performance.now(),
  } satisfies RequestFacts);
}

/** `replica_1; role=replica; port=5433; detour="127.0.0.1:5434 is down"` */
function nodeHeader({ name, role, port, detour }: DatabaseNode): string {
  return [name, `role=${role}`, `port=${port ?? 'socket'}`, ...(detour ? [`detour="${detour}"`] : [])].join(
    '; ',
  );
}
