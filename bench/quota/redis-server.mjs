import { createClient } from 'redis';
import { startRedis } from '../../scripts/services/dist/index.js';

/** A Redis that keeps nothing on disk, and tells what it was asked and what that took. */
export async function startMeasuredRedis() {
  const service = await startRedis({ settings: { save: '' } });
  const client = createClient({ url: service.url });
  client.on('error', () => {});
  await client.connect();
  return {
    url: service.url,
    flushAll: () => client.flushAll(),
    /** Time of the processor that it has used, in microseconds. */
    async cpuUs() {
      const info = await client.info('cpu');
      return (numberIn(info, 'used_cpu_user') + numberIn(info, 'used_cpu_sys')) * 1e6;
    },
    forgetCommands: () => client.configResetStat(),
    /** Since `forgetCommands`: calls from without, and all commands with those that scripts ran. */
    async commands() {
      const info = await client.info('commandstats');
      const calls = [...info.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)]
        .filter(([, name]) => !/^(info|config|script)/.test(name))
        .map(([, name, count]) => [name, Number(count)]);
      const sumOf = (some) => some.reduce((sum, [, count]) => sum + count, 0);
      return { trips: sumOf(calls.filter(([name]) => name.startsWith('eval'))), all: sumOf(calls) };
    },
    async close() {
      client.destroy();
      await service.close();
    },
  };
}

function numberIn(info, name) {
  return Number(info.match(new RegExp(`^${name}:([\\d.]+)`, 'm'))?.[1]);
}
