import diagnostics from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** Which span must be the parent of which, and how many of each there are in a request. */
export const expectedParents = {
  request: undefined,
  'timer.outer': 'request',
  'timer.inner': 'timer.outer',
  immediate: 'request',
  tick: 'request',
  stream: 'request',
  emitter: 'request',
  'all.one': 'request',
  'all.two': 'request',
  'all.one.inside': 'all.one',
  'all.two.inside': 'all.two',
  query: 'request',
  SELECT: 'query',
  command: 'request',
  SET: 'command',
  leaf: 'request',
  GET: 'leaf',
  'leaf.answer': 'leaf',
  'cache get': 'request',
  'cache.inside': 'cache get',
};

const get = diagnostics.tracingChannel('unite:cache:get');
/** All requests take turns on these connections, and hear from this emitter. */
const agent = new http.Agent({ maxSockets: 50, keepAlive: true });
const bus = new EventEmitter().setMaxListeners(0);

/**
 * What one request does: everything that a context can get lost in. Each span carries the request's id, those of the
 * drivers in the name of a column, in a key and in an address, as their own attributes hold no values.
 *
 * @param {{ id: string, api: typeof import('@opentelemetry/api'), tracer: import('@opentelemetry/api').Tracer,
 *   pool: { query(text: string): Promise<unknown> }, redis: { set(key: string, value: string): Promise<unknown> },
 *   port: number, allAreHere: Promise<void> }} parts
 */
export async function requestWork({ id, api, tracer, pool, redis, port, allAreHere }) {
  const span = (name, work) =>
    tracer.startActiveSpan(name, { attributes: { id } }, async (one) => {
      try {
        return await work();
      } finally {
        one.end();
      }
    });
  const leaf = async () => undefined;

  await span('request', async () => {
    // Settled by whichever request comes last.
    await allAreHere;
    await Promise.all([
      span('timer.outer', () => sleep(1 + (Number(id) % 20)).then(() => span('timer.inner', () => sleep(1)))),
      setImmediate().then(() => span('immediate', setImmediate)),
      new Promise((resolve) => process.nextTick(() => resolve(span('tick', leaf)))),
      streamed(),
      heard(),
      Promise.all(
        ['all.one', 'all.two'].map((name) =>
          span(name, async () => {
            await setImmediate();
            await span(`${name}.inside`, () => sleep(1));
          }),
        ),
      ),
      span('query', () => pool.query(`SELECT 1 AS id_${id}`)),
      span('command', () => redis.set(`${inLetters(id)}:key`, id)),
      span('leaf', asked),
      get.tracePromise(() => sleep(2).then(() => span('cache.inside', leaf)), { cache: 'c', definition: id }),
    ]);
  });

  function streamed() {
    const source = Readable.from(['a chunk']);
    const transform = new Transform({
      transform(chunk, _, done) {
        span('stream', setImmediate).then(() => done(null, chunk), done);
      },
    });
    return pipeline(source, transform, async (chunks) => {
      for await (const chunk of chunks) void chunk;
    });
  }

  async function heard() {
    const done = once(bus, `done ${id}`);
    bus.once(
      id,
      api.context.bind(api.context.active(), () => {
        span('emitter', leaf).then(() => bus.emit(`done ${id}`));
      }),
    );
    // From a context that is none of its own.
    api.context.with(api.ROOT_CONTEXT, () => setTimeout(() => bus.emit(id), 3));
    await done;
  }

  function asked() {
    return new Promise((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port, path: `/leaf/${id}`, agent }, (response) => {
        response.resume().on('end', () => resolve(span('leaf.answer', leaf)));
      });
      request.on('error', reject);
    });
  }
}

const digits = 'abcdefghij';

/** The first part of a key is told where it consists of letters. */
export function inLetters(id) {
  return [...id].map((digit) => digits[Number(digit)]).join('');
}

/** @param {string} letters */
export function fromLetters(letters) {
  return [...letters].map((letter) => digits.indexOf(letter)).join('');
}
