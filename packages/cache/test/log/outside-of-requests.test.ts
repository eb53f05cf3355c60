import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import type { RemoteLayer } from '../../src/remote-types';
import { fakeFleet } from '../support/open-cache';

it('reads on in the log outside of the request that was the first to read', async () => {
  const { clock, remote, open } = fakeFleet();
  const requests = new AsyncLocalStorage<string>();
  const readersOf: (string | undefined)[] = [];
  const layer: RemoteLayer = {
    open(namespace) {
      const connection = remote.layer().open(namespace);
      const sync: typeof connection.sync = (request) => {
        readersOf.push(requests.getStore());
        return connection.sync(request);
      };
      return { ...connection, sync };
    },
  };
  const cache = open({ remote: layer, pollEveryMs: 50 });
  const rows = cache.define('rows', { key: (id: string) => [id], scope: 'global', load: (id) => id });
  await requests.run('the first request', () => rows.get('x'));
  readersOf.length = 0;
  await clock.advance(200);
  expect(readersOf.length).toBeGreaterThan(2);
  expect(new Set(readersOf)).toEqual(new Set([undefined]));
  const closing = cache.close();
  await clock.advance(1_000);
  await closing;
});
