import { afterEach, describe, expect, it } from '@jest/globals';
import { type DrillServer, startDrillControl } from '../../lib/drill-control.mjs';

describe('the control of a drill', () => {
  let control: Awaited<ReturnType<typeof startDrillControl>> | undefined;
  afterEach(() => control?.close());

  const did: string[] = [];
  const server: DrillServer = {
    name: 'replica_1',
    kill: async (signal) => void did.push(signal),
    start: async () => void did.push('start'),
  };

  it('kills and freezes a server for who has the token, and mends it on demand', async () => {
    const ask = await started();
    expect((await ask('/replica_1/kill')).body).toEqual({ untilMs: expect.any(Number) });
    expect((await ask('/replica_1/start')).body).toEqual({});
    await ask('/replica_1/freeze');
    await ask('/replica_1/thaw');
    expect(did.splice(0)).toEqual(['SIGKILL', 'SIGCONT', 'start', 'SIGSTOP', 'SIGCONT', 'start']);
  });

  it('does nothing for who has no token, nor to what it does not know', async () => {
    const ask = await started();
    expect((await ask('/replica_1/kill', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask('/replica_1/kill', {})).status).toBe(401);
    for (const path of ['/replica_2/kill', '/replica_1/drop', '/replica_1/constructor', '/', '//'])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    expect((await ask('/replica_1/kill', undefined, 'GET')).status).toBe(405);
    expect(did).toEqual([]);
  });

  it('mends by itself what nobody mends', async () => {
    let mended: () => void = () => undefined;
    const isMended = new Promise<void>((resolve) => {
      mended = resolve;
    });
    const ask = await started({ ...server, start: async () => mended() }, 1);
    await ask('/replica_1/freeze');
    await isMended;
    expect(did.splice(0)).toEqual(['SIGSTOP', 'SIGCONT']);
  });

  it('tells of a server that does not come back, to who asked and to who started it', async () => {
    const failing = { ...server, start: () => Promise.reject(new Error('no room on the disk')) };
    const said: string[] = [];
    const ask = await started(failing, 1, (text) => said.push(text));
    await ask('/replica_1/kill');
    while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(said).toEqual(['replica_1 does not start again after a drill: no room on the disk']);
    expect(await ask('/replica_1/start')).toEqual({ status: 500, body: { error: 'no room on the disk' } });
    did.splice(0);
  });

  async function started(wanted = server, holdMs = 60_000, say: (text: string) => void = () => undefined) {
    control = await startDrillControl({ servers: [wanted], say, holdMs });
    const { DRILL_CONTROL_URL, DRILL_CONTROL_TOKEN } = control.env;
    const own = { authorization: `Bearer ${DRILL_CONTROL_TOKEN}` };
    return async (path: string, headers: Record<string, string> = own, method = 'POST') => {
      const response = await fetch(DRILL_CONTROL_URL + path, { method, headers });
      return { status: response.status, body: await response.json() };
    };
  }
});
