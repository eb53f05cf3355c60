import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createChildren } from '../../lib/children.mjs';
import { startProxiedApp } from '../../stack/start-proxied-app.mjs';
import { startHaproxy } from '../src/haproxy/start-haproxy';
import { createGuard, type Guard } from '../src/plain/guard.mjs';
import { toolsDirectory } from './support';

describe('startProxiedApp', () => {
  let guard: Guard;
  let children: ReturnType<typeof createChildren>;
  let app: Awaited<ReturnType<typeof startProxiedApp>>;

  beforeAll(async () => {
    guard = createGuard();
    children = createChildren(guard);
    const directory = join(__dirname, 'fixtures', 'app');
    const env = () => ({ DATABASE_URL: 'of all copies' });
    app = await startProxiedApp({ name: 'crm', directory, env, children, startHaproxy, toolsDirectory });
  });

  afterEach(() => children.endAll());

  afterAll(async () => {
    await app.close();
    guard.dismiss();
  });

  async function asked() {
    return (await (await fetch(app.url)).json()) as { pid: number; DATABASE_URL: string; REDIS_URL?: string };
  }

  it('sends users to a copy once it is ready, and to another slot when that one is stopped', async () => {
    const [blue, green] = app.slots as [(typeof app.slots)[0], (typeof app.slots)[0]];
    const first = await app.start(blue, { REDIS_URL: 'of this copy' });
    await app.untilUp(['blue']);
    const seen = await asked();
    expect(seen).toMatchObject({ pid: first.pid, DATABASE_URL: 'of all copies', REDIS_URL: 'of this copy' });
    await expect(app.start(blue)).rejects.toThrow('A copy of crm already runs on blue');

    const second = await app.start(green);
    await app.untilUp(['blue', 'green']);
    await first.stop();
    expect(await first.exited).toEqual({ code: 'SIGTERM', output: '' });
    expect([...app.copies.keys()]).toEqual(['green']);
    expect((await asked()).pid).toBe(second.pid);
  });

  it('says of a copy that ends at its start how it ended, and what it said', async () => {
    const [blue] = app.slots as [(typeof app.slots)[0]];
    await app.start(blue, { TLS_CERT_FILE: '/nowhere', TLS_KEY_FILE: '/nowhere' });
    await expect(app.untilUp(['blue'])).rejects.toThrow(/^The copy of crm on blue ended \(1\):\n.*ENOENT/s);
  });
});
