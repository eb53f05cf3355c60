import { currentContext } from '@unite/core/context';
import { compose, pageContext, withContext } from '@unite/core/next';
import { once } from '@unite/core/once';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { headers } from 'next/headers';
import { createDatabase } from './database/create-database';
import { demoSession } from './demo-session';
import { env } from './env';
import { problemTypes } from './problems';
import { createRedis } from './redis';
import { learnFacts, requestFacts, withFacts } from './request-facts';
import { createSessions, identityOf } from './session';

// What the application is made of, put together once. Read from top to bottom.

export const sessions = createSessions({
  secret: env.sessionSecret,
  isSecure: env.publicUrl.startsWith('https:'),
});

export const problems = defineProblems({
  baseUrl: new URL('/errors/', env.publicUrl).href,
  types: problemTypes,
});

export const db = once('crm.db', () =>
  createDatabase({
    primaryUrl: env.primaryUrl,
    replicaUrls: env.replicaUrls,
    request: () => {
      const facts = requestFacts();
      return {
        tenantId: currentContext()?.tenantId,
        seenLsn: facts?.seenLsn,
        onServed: (node) => facts && Object.assign(facts, { node }),
        onCommitted: (committedLsn) => facts && Object.assign(facts, { committedLsn }),
      };
    },
  }),
);

export const redis =
  env.redisUrl === undefined ? undefined : once('crm.redis', () => createRedis(env.redisUrl as string));

const readApiSession = (received: Headers) =>
  sessions.read(received) ?? (env.isDemo ? demoSession(received) : undefined);

/** Around every API route: `export const GET = route(handler)`. */
export const route = compose(
  withContext({ identify: (request) => identityOf(readApiSession(request.headers)), timeoutMs: 15_000 }),
  withFacts(readApiSession),
  withProblems(problems),
);

/** Around what a page reads: `await page(() => listContacts(query))`. */
export async function page<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  const received = await headers();
  return pageInContext<Result>(() => {
    learnFacts(currentContext(), received, sessions.read);
    return work();
  });
}

const pageInContext = pageContext({
  headers,
  identify: (request) => identityOf(sessions.read(request.headers)),
});
