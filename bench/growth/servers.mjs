import { readFile } from 'node:fs/promises';
import { startDatabase } from '../quota/database.mjs';
import { startMeasuredRedis } from '../quota/redis-server.mjs';

/** Servers that the parts share, started when the first asks for one. */
export function servers() {
  const started = {};
  return {
    redis: () => (started.redis ??= startMeasuredRedis()),
    postgres: () => (started.postgres ??= startMeasuredPostgres()),
    async close() {
      for (const server of Object.values(started)) await (await server).close();
    },
  };
}

/** A PostgreSQL with the tables of the ledger. On Linux it tells its time of the processor, elsewhere 0. */
async function startMeasuredPostgres() {
  const database = await startDatabase();
  return {
    ...database,
    async cpuUs() {
      const { rows } = await database.query(
        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
      );
      const times = await Promise.all(rows.map(({ pid }) => cpuUsOf(pid)));
      return times.reduce((sum, us) => sum + us, 0);
    },
  };
}

async function cpuUsOf(pid) {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0');
  return Number(text.split(' ')[0]) / 1_000;
}
