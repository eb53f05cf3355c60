import type { CloseOptions } from '@unite/core';
import { checkReadOptions, checkTimeOptions, checkTransactionOptions } from './check-call-options';
import type { ClusterCore } from './cluster-core';
import type { PgClient, PgPool, PgPoolConstructor, PgResult } from './driver-types';
import type { Statement } from './send';
import { statementMistake } from './statement-mistake';
import type { Cluster, ReadOptions, Transaction, TransactionOptions } from './types';

type Callback<Result> = (error: Error | undefined, result?: Result) => void;
type ConnectCallback = (
  error: Error | undefined,
  client?: PgClient,
  done?: (error?: Error | boolean) => void,
) => void;

/** What a pool does with what it is asked. */
interface Handlers {
  readonly query: (statement: Statement) => Promise<PgResult>;
  readonly connect: () => Promise<PgClient>;
  readonly end: () => Promise<void>;
}

const handlersKey = Symbol('handlers');

interface View {
  readonly [handlersKey]: Handlers;
}

/**
 * The cluster as the driver's pool: its prototype is the driver's, so that `instanceof` and libraries that
 * look at the class find what they expect, and every method is the cluster's.
 */
export function clusterPool<Pool extends PgPool>(
  core: ClusterCore,
  Pool: PgPoolConstructor<Pool>,
): Cluster<Pool> {
  const prototype = viewPrototype(core, Pool.prototype as object);
  // Ending a view of the cluster leaves the cluster as it is.
  const readPool = (options: ReadOptions) =>
    view(prototype, {
      query: (statement) => core.read(statement, options),
      connect: () => core.connectReader(options),
      end: async () => undefined,
    });
  const readPools = {
    session: readPool({}),
    eventual: readPool({ consistency: 'eventual' }),
    strong: readPool({ consistency: 'strong' }),
  };
  const pool = view(prototype, {
    query: (statement) => core.write(statement),
    connect: () => core.connect(),
    end: async () => void (await core.close()),
  });
  return Object.defineProperties(
    pool,
    methods({
      readOnly(options: ReadOptions = {}) {
        const { consistency = 'session', after } = checkReadOptions(options);
        return after ? readPool(options) : readPools[consistency];
      },
      async transaction<Result>(
        work: (transaction: Transaction) => Promise<Result>,
        options: TransactionOptions = {},
      ) {
        return core.transaction(work, checkTransactionOptions(work, options));
      },
      async ready(options: { timeoutMs?: number } = {}) {
        const { timeoutMs = 10_000 } = checkTimeOptions('ready', options);
        return core.ready(timeoutMs);
      },
      status: () => core.status(),
      sessionToken: () => core.sessionToken(),
      sessionTokenNow: () => core.sessionTokenNow(),
      advanceSession: core.advanceSession.bind(core),
      close: async (options: CloseOptions = {}) => core.close(checkTimeOptions('close', options)),
      [Symbol.asyncDispose]: async () => void (await core.close()),
    }),
  ) as unknown as Cluster<Pool>;
}

function view(prototype: object, handlers: Handlers): object {
  return Object.defineProperty(Object.create(prototype), handlersKey, { value: handlers });
}

/** What the cluster's pool and its read-only pools have in common. */
function viewPrototype(core: ClusterCore, prototype: object): object {
  return Object.create(prototype, {
    ...methods({
      query(
        this: View,
        query: Statement['query'] | Callback<PgResult>,
        values?: unknown[] | Callback<PgResult>,
        callback?: Callback<PgResult>,
      ) {
        // Whoever forgot the query still gets to know, by the way that was given.
        if (typeof query === 'function') return settled(ask(this, query, undefined), query);
        if (typeof values === 'function') return settled(ask(this, query, undefined), values);
        return settled(ask(this, query, values), callback);
      },
      connect(this: View, callback?: ConnectCallback) {
        return connected(this[handlersKey].connect(), callback);
      },
      end(this: View, callback?: Callback<void>) {
        return settled(this[handlersKey].end(), callback);
      },
    }),
    options: { value: { max: core.settings.max } },
    totalCount: { get: () => core.connectionCounts.total },
    idleCount: { get: () => core.connectionCounts.idle },
    waitingCount: { get: () => core.connectionCounts.waiting },
    expiredCount: { value: 0 },
    ending: { get: () => core.isClosing },
    ended: { get: () => core.isClosing },
  });
}

function ask(view: View, query: unknown, values: unknown[] | undefined): Promise<PgResult> {
  const mistake = statementMistake(query, values);
  if (mistake) return Promise.reject(mistake);
  return view[handlersKey].query({ query: query as Statement['query'], values });
}

function methods(functions: Record<string | symbol, unknown>): PropertyDescriptorMap {
  const descriptors: Record<string | symbol, PropertyDescriptor> = {};
  for (const key of Reflect.ownKeys(functions))
    descriptors[key] = { value: functions[key], configurable: true, writable: true };
  return descriptors;
}

/** To a callback, where one was given; what that throws is its own. */
function settled<Result>(
  work: Promise<Result>,
  callback: Callback<Result> | undefined,
): Promise<Result> | undefined {
  if (!callback) return work;
  work.then(
    (result) => process.nextTick(callback, undefined, result),
    (error: Error) => process.nextTick(callback, error),
  );
  return undefined;
}

function connected(
  work: Promise<PgClient>,
  callback: ConnectCallback | undefined,
): Promise<PgClient> | undefined {
  if (!callback) return work;
  work.then(
    (client) => process.nextTick(callback, undefined, client, client.release),
    (error: Error) => process.nextTick(callback, error, undefined, () => undefined),
  );
  return undefined;
}
