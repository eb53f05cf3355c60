import { until } from '../scene/until.mjs';
import { verdict } from '../scene/verdict.mjs';

const requests = 50;

/** Spans wait a second for others to go with them. */
const mostMs = 20_000;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const requestsTraced = {
  name: 'requests-traced',
  about: 'Each answer names its trace: the collector has every one of them.',
  async run({ stack, ask }, { note, score, signal }) {
    note(`${requests} requests`);
    /** @type {Set<string>} */
    const ids = new Set();
    for (let index = 0; index < requests; index += 1) {
      const { headers } = await ask('/api/contacts');
      const id = headers.get('traceresponse')?.split('-')[1];
      if (id) ids.add(id);
    }
    const arrived = () => [...ids].filter((id) => stack.receiver.traceIds.has(id)).length;
    const haveAllCome = () => arrived() === requests;
    await until('all traces have come', haveAllCome, { signal, timeoutMs: mostMs }).catch(() => {});
    score(
      verdict('every request is traced', haveAllCome(), `${arrived()} of ${requests} traces came`, {
        requests,
        arrived: arrived(),
      }),
    );
  },
};
