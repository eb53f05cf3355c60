import { randomBytes } from 'node:crypto';
import { once } from '@unite/core/once';
import { z } from 'zod';

const postgresUrl = z
  .string({ error: 'is not set' })
  .refine((text) => /^postgres(ql)?:\/\//.test(text), { error: 'must start with postgres://' });

const schema = z.object({
  /** The primary, as the application's role. */
  DATABASE_URL: postgresUrl,
  /** Comma separated; none means that the primary serves the reads too. */
  REPLICA_URLS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(postgresUrl)),
  /** None means that the application goes without. */
  REDIS_URL: z
    .string()
    .refine((text) => /^rediss?:\/\//.test(text), { error: 'must start with redis:// or rediss://' })
    .optional(),
  /** `off`: every read goes to the database, to measure what the cache is worth. */
  CRM_CACHE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  /** Signs session cookies. Without one, people sign in again after a restart. */
  SESSION_SECRET: z
    .string()
    .min(32, { error: 'must have at least 32 characters' })
    .default(() => once('crm.session-secret', () => ({ text: randomBytes(32).toString('hex') })).text),
  /** `1`: API requests without a session act for a demo workspace. Never in production. */
  CRM_DEMO: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0'),
  /** Where the application is reached; the links in problem documents start with it. */
  PUBLIC_URL: z.url({ error: 'must be an absolute URL' }).optional(),
  PORT: z.coerce.number().int().default(3000),
});

export interface Env {
  /** The primary and its replicas. */
  readonly databaseNodes: readonly { readonly url: string }[];
  readonly redisUrl: string | undefined;
  readonly readsCache: boolean;
  readonly sessionSecret: string;
  readonly isDemo: boolean;
  readonly publicUrl: string;
}

/**
 * The environment, read and checked here and nowhere else.
 *
 * @throws Error that names every variable which is missing or malformed
 */
export const env: Env = readEnv(process.env);

function readEnv(variables: NodeJS.ProcessEnv): Env {
  // The build evaluates every route, without services; nothing it makes connects before it is used.
  const isBuild = variables.NEXT_PHASE === 'phase-production-build';
  const given = Object.entries(variables).filter(([, value]) => value !== '');
  const parsed = schema.safeParse({
    ...(isBuild && { DATABASE_URL: 'postgres://build' }),
    ...Object.fromEntries(given),
  });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path[0]?.toString()} ${issue.message}`);
    throw new Error(`The environment is incomplete:\n${lines.join('\n')}`);
  }
  const { data } = parsed;
  return {
    databaseNodes: [data.DATABASE_URL, ...data.REPLICA_URLS].map((url) => ({ url })),
    redisUrl: data.REDIS_URL,
    readsCache: data.CRM_CACHE === 'on',
    sessionSecret: data.SESSION_SECRET,
    isDemo: data.CRM_DEMO === '1',
    publicUrl: data.PUBLIC_URL ?? `http://localhost:${data.PORT}`,
  };
}
