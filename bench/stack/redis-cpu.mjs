import { createRequire } from 'node:module';

const { createClient } = createRequire(import.meta.url)('redis');

/** What Redis has used of the processor, in microseconds. */
export async function openRedisCpu(url) {
  const client = await createClient({ url }).connect();
  return {
    async readUs() {
      const info = await client.info('cpu');
      const secondsOf = (name) => Number(info.match(new RegExp(`^${name}:(.+)$`, 'm'))[1]);
      return (secondsOf('used_cpu_user') + secondsOf('used_cpu_sys')) * 1e6;
    },
    close: () => client.destroy(),
  };
}
