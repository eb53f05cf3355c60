import { execFileSync } from 'node:child_process';
import { formatScorecard, runDrills } from '@unite/ops/drill';
import { startPostgres } from '@unite/services';
import pg from 'pg';
import { recoveryDrills } from './recovery/index.mjs';

const postgres = await startPostgres({ archive: true });
const crm = '/tmp/h-drill/examples/crm';
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  DATABASE_URL: postgres.primaryUrl,
  REPLICA_URLS: postgres.replicaUrls.join(','),
  KEYRING_FILE: '/tmp/h-drill-scratch/keys.json',
  CRM_DEMO: '1',
  NODE_ENV: 'production',
  SESSION_SECRET: 'x'.repeat(64),
  INTERNAL_KEY: 'y'.repeat(64),
  PUBLIC_URL: 'http://127.0.0.1:3000',
};
for (const s of ['keyring', 'migrate', 'seed'])
  execFileSync(process.execPath, [`${crm}/scripts/${s}.mjs`], { cwd: crm, env, stdio: 'inherit' });
const pool = new pg.Pool({ connectionString: postgres.primaryUrl, max: 4 });
pool.on('error', () => {});
await pool.query('CREATE TABLE IF NOT EXISTS busy (id bigserial primary key, note text)');
let on = true,
  writes = 0,
  failed = 0,
  slowest = 0;
const writers = Array.from({ length: 4 }, async () => {
  while (on) {
    const t = performance.now();
    try {
      await pool.query('INSERT INTO busy (note) VALUES (md5(random()::text))');
      writes++;
    } catch (e) {
      failed++;
    }
    slowest = Math.max(slowest, performance.now() - t);
    await new Promise((r) => setTimeout(r, 3));
  }
});
const only = process.argv.slice(2);
const card = await runDrills({
  drills: recoveryDrills({ postgres }),
  only,
  onProgress: (p) => console.log(`${p.drill}: ${p.text}`),
});
on = false;
await Promise.all(writers);
await pool.end();
console.log(formatScorecard(card));
console.log(JSON.stringify(card.drills.flatMap((d) => d.rows.map((r) => r.figures))), {
  writes,
  failed,
  slowest,
});
await postgres.close();
