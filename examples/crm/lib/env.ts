import { randomBytes } from 'node:crypto';
import { once } from '@unite/core/once';
import { z } from 'zod';
import type { FlagSettings } from './flags/flag-list';
import { flagSettings } from './flags/flag-settings';
import { demoModel } from './scoring/demo-model';

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
  /** PEM of whoever vouches for PostgreSQL and Redis. With it both are talked to by TLS 1.3 alone. */
  TLS_CA_FILE: z.string().optional(),
  /** PEM of this server's certificate and key. With them it speaks https alone; scripts/serve.mjs reads them. */
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  /** `off`: every read goes to the database, to measure what the cache is worth. */
  CRM_CACHE: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  /** How many proxies stand before the server, each of which adds to `x-forwarded-for`; none means that nothing is. */
  TRUSTED_PROXIES: z.coerce
    .number({ error: 'must be a number of proxies' })
    .int({ error: 'must be a number of proxies' })
    .min(0, { error: 'must be a number of proxies' })
    .max(32, { error: 'must be at most 32' })
    .default(0),
  /** How long the server serves on after it was told to end: until what sends requests has noticed. */
  READINESS_GRACE_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .min(0, { error: 'must be a number of milliseconds' })
    .max(10_000, { error: 'must be at most 10000' })
    .default(2_000),
  /** Requests are refused while the event loop is later than this. */
  MAX_LOOP_DELAY_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .min(20, { error: 'must be at least 20' })
    .default(500),
  /** Within how long the database answers the health check. Later for as long as a failover takes, writes are refused. */
  DATABASE_CHECK_TIMEOUT_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .min(100, { error: 'must be at least 100' })
    .default(800),
  /** How long a request waits for Redis to count it. After that it goes on, and is counted afterwards. */
  QUOTA_PATIENCE_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .min(1, { error: 'must be at least 1' })
    .default(50),
  /** How long whoever looks at their usage waits for the ledger. After that it is not known. */
  LEDGER_PATIENCE_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .min(1_000, { error: 'must be at least 1000' })
    .default(2_000),
  /** Where spans are sent: `http://localhost:4318/v1/traces`. None means that they stay in this process. */
  OTLP_TRACES_URL: z.url({ error: 'must be an absolute URL' }).optional(),
  /** The share of traces that is kept; failed and slow ones are kept anyway. */
  TRACE_RATIO: z.coerce
    .number({ error: 'must be a number from 0 to 1' })
    .min(0, { error: 'must be at least 0' })
    .max(1, { error: 'must be at most 1' })
    .default(1),
  /** Where errors are sent. None means that they stay in this process. */
  SENTRY_DSN: z.url({ error: 'must be a DSN: https://<key>@<host>/<project>' }).optional(),
  /** Where a run leaves its mark, and what could not be sent when it ended. None means that nothing is kept. */
  APM_DIRECTORY: z.string().optional(),
  /** Whoever reads /metrics sends it as a bearer token. None means that nobody may, but for a demo. */
  METRICS_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  /** What runs, such as a git commit. Stands on every span and error. */
  RELEASE: z.string().optional(),
  /** Which roll-out of it. */
  DEPLOYMENT: z.string().optional(),
  /** Scores contacts: whatever speaks the API of OpenAI, scripts/scorer.mjs for one. None means that nobody does. */
  OPENAI_BASE_URL: z.url({ error: 'must be an absolute URL' }).optional(),
  OPENAI_API_KEY: z.string().optional(),
  /** The model that scores. @default the scorer's demo model */
  OPENAI_MODEL: z.string().optional(),
  /** Feature flags that are not as lib/flags/flag-list.ts has them: `{"score-streaming":{"on":0.1}}`. */
  CRM_FLAGS: flagSettings,
  /** The file with the root keys, readable by nobody else: `unite keys create` makes one. */
  KEYRING_FILE: z.string({ error: 'is not set; `unite keys create` makes a keyring' }),
  /** Which of our own programs send, as `x-internal-key`, so that their traces go on here. None means that nobody's do. */
  INTERNAL_KEY: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  /** Signs session cookies. Without one, people sign in again after a restart. */
  SESSION_SECRET: z
    .string()
    .min(32, { error: 'must have at least 32 characters' })
    .default(() => once('crm.session-secret', () => ({ text: randomBytes(32).toString('hex') })).text),
  /** Who signs people in: an OpenID Connect provider. None means that nobody can, but in a demo. */
  OIDC_ISSUER: z.url({ error: 'must be an absolute URL' }).optional(),
  OIDC_CLIENT_ID: z.string().default('crm'),
  /** Of a confidential client; without one, PKCE alone protects the login. */
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** `1`: API requests without a session act for a demo workspace. Never in production. */
  CRM_DEMO: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0'),
  /** Where `npm start` takes orders to break the servers that it started, and which those are. Comma separated. */
  DRILL_CONTROL_URL: z.url({ error: 'must be an absolute URL' }).optional(),
  DRILL_CONTROL_TOKEN: z.string().default(''),
  DRILL_SERVERS: z.string().default(''),
  /** Where the application is reached; the links in problem documents start with it. */
  PUBLIC_URL: z.url({ error: 'must be an absolute URL' }).optional(),
  PORT: z.coerce.number().int().default(3000),
  /** Where examples/express-api listens; Next.js reads a variable of its own. */
  HOST: z.string().default('127.0.0.1'),
});

export interface Env {
  /** The build evaluates every route, and serves nobody. */
  readonly isBuild: boolean;
  /** The primary and its replicas. */
  readonly databaseNodes: readonly { readonly url: string }[];
  readonly redisUrl: string | undefined;
  /** Absent where nothing vouches for PostgreSQL and Redis. */
  readonly tlsCaFile: string | undefined;
  readonly readsCache: boolean;
  readonly keyringFile: string;
  /** Absent where nobody signs in but in a demo. */
  readonly identityProvider:
    | { readonly issuer: string; readonly clientId: string; readonly clientSecret: string | undefined }
    | undefined;
  readonly sessionSecret: string;
  /** 0: what a client says of its address is not believed. */
  readonly trustedProxies: number;
  readonly readinessGraceMs: number;
  readonly maxLoopDelayMs: number;
  readonly databaseCheckTimeoutMs: number;
  readonly quotaPatienceMs: number;
  readonly ledgerPatienceMs: number;
  readonly service: {
    readonly name: string;
    readonly release: string | undefined;
    readonly environment: string;
    readonly deployment: string | undefined;
  };
  /** Absent where errors stay in the process. */
  readonly sentryDsn: string | undefined;
  readonly apmDirectory: string | undefined;
  readonly metricsToken: string | undefined;
  /** Absent where spans stay in the process. */
  readonly otlpUrl: string | undefined;
  readonly traceRatio: number;
  /** Absent where scoring is not set up. */
  readonly scoring:
    | { readonly baseUrl: string | undefined; readonly apiKey: string; readonly model: string }
    | undefined;
  readonly flags: FlagSettings;
  readonly isDemo: boolean;
  /** Absent where nothing is broken on purpose. */
  readonly drillControl:
    | { readonly url: string; readonly token: string; readonly servers: readonly string[] }
    | undefined;
  readonly publicUrl: string;
  readonly address: { readonly host: string; readonly port: number };
  /** Absent where no other program's trace goes on here. */
  readonly internalKey: string | undefined;
}

/**
 * The environment, read and checked here and nowhere else.
 *
 * @throws Error that names every variable which is missing or malformed
 */
export const env: Env = readEnv(process.env);

function readEnv(variables: NodeJS.ProcessEnv): Env {
  // Without services: nothing it makes connects before it is used.
  const isBuild = variables.NEXT_PHASE === 'phase-production-build';
  const given = Object.entries(variables).filter(([, value]) => value !== '');
  const parsed = schema.safeParse({
    ...(isBuild && { DATABASE_URL: 'postgres://build', KEYRING_FILE: 'none' }),
    ...Object.fromEntries(given),
  });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path[0]?.toString()} ${issue.message}`);
    throw new Error(`The environment is incomplete:\n${lines.join('\n')}`);
  }
  const { data } = parsed;
  return {
    isBuild,
    databaseNodes: [data.DATABASE_URL, ...data.REPLICA_URLS].map((url) => ({ url })),
    redisUrl: data.REDIS_URL,
    tlsCaFile: data.TLS_CA_FILE,
    readsCache: data.CRM_CACHE === 'on',
    keyringFile: data.KEYRING_FILE,
    identityProvider:
      data.OIDC_ISSUER === undefined
        ? undefined
        : {
            issuer: data.OIDC_ISSUER,
            clientId: data.OIDC_CLIENT_ID,
            clientSecret: data.OIDC_CLIENT_SECRET,
          },
    sessionSecret: data.SESSION_SECRET,
    trustedProxies: data.TRUSTED_PROXIES,
    readinessGraceMs: data.READINESS_GRACE_MS,
    maxLoopDelayMs: data.MAX_LOOP_DELAY_MS,
    databaseCheckTimeoutMs: data.DATABASE_CHECK_TIMEOUT_MS,
    quotaPatienceMs: data.QUOTA_PATIENCE_MS,
    ledgerPatienceMs: data.LEDGER_PATIENCE_MS,
    service: {
      name: 'crm',
      release: data.RELEASE,
      environment: data.CRM_DEMO === '1' ? 'demo' : 'production',
      deployment: data.DEPLOYMENT,
    },
    sentryDsn: data.SENTRY_DSN,
    apmDirectory: data.APM_DIRECTORY,
    metricsToken: data.METRICS_TOKEN,
    otlpUrl: data.OTLP_TRACES_URL,
    traceRatio: data.TRACE_RATIO,
    scoring: scoringOf(data),
    flags: data.CRM_FLAGS,
    isDemo: data.CRM_DEMO === '1',
    drillControl:
      data.DRILL_CONTROL_URL === undefined
        ? undefined
        : {
            url: data.DRILL_CONTROL_URL,
            token: data.DRILL_CONTROL_TOKEN,
            servers: data.DRILL_SERVERS.split(','),
          },
    publicUrl: data.PUBLIC_URL ?? `${data.TLS_CERT_FILE ? 'https' : 'http'}://localhost:${data.PORT}`,
    address: { host: data.HOST, port: data.PORT },
    internalKey: data.INTERNAL_KEY,
  };
}

/** A key alone means OpenAI itself; an address alone needs none. */
function scoringOf({
  OPENAI_BASE_URL,
  OPENAI_API_KEY,
  OPENAI_MODEL,
}: z.output<typeof schema>): Env['scoring'] {
  if (OPENAI_BASE_URL === undefined && OPENAI_API_KEY === undefined) return undefined;
  return { baseUrl: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY ?? 'none', model: OPENAI_MODEL ?? demoModel };
}
