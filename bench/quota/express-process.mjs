import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('express-app.mjs', import.meta.url));

/** The app of `express-app.mjs`, and connections to it that are kept. */
export async function startExpress(options) {
  const child = fork(program, [JSON.stringify(options)]);
  const [{ port }] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const tenants = Array.from({ length: 50 }, (_, index) => `tenant-${index}`);
  let turn = 0;
  return {
    /** Resolves when the whole answer is there. */
    request(path) {
      turn += 7;
      const headers = { 'x-tenant': tenants[turn % tenants.length] };
      return new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', path, agent, headers }, (response) => {
          response.resume();
          response.on('end', () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`${path} answered ${response.statusCode}`));
          });
        }).on('error', reject);
      });
    },
    /** Once for each tenant, whose counts a ledger must give first. */
    async warmUp(path) {
      for (const _ of tenants) await this.request(path);
    },
    /** Time of the processor that the app has used, in microseconds. */
    async cpuUs() {
      child.send('cpu');
      const [{ cpu }] = await once(child, 'message');
      return cpu.user + cpu.system;
    },
    async close() {
      agent.destroy();
      child.send('end');
      await once(child, 'exit');
    },
  };
}
