import { createRequire } from 'node:module';
import { createCluster } from '../../packages/db-ha/dist/index.js';
import { createRouter } from '../../packages/db-ha/dist/router.js';
import { fakePools } from './fake-pool.mjs';
import { repeated } from './loops.mjs';

const require = createRequire(new URL('../../packages/db-ha/package.json', import.meta.url));
const columns = ['id', 'name', 'email', 'phone', 'city', 'owner_id'];

/** The cluster's own work: choosing among replicas, on fakes of the driver's pool, and routing by a statement's text. */
export async function dbHa(axes) {
  await replicasToChooseFrom(axes);
  await lengthOfStatement(axes);
}

async function replicasToChooseFrom(axes) {
  const points = [];
  const clusters = [];
  for (const x of [1, 2, 4, 8, 16, 32]) {
    const hosts = ['primary', ...Array.from({ length: x }, (_, at) => `replica-${at}`)];
    const cluster = createCluster({
      nodes: hosts.map((host) => ({ url: `postgres://${host}:5432/crm` })),
      Pool: fakePools('primary'),
      name: `replicas-${x}`,
      healthCheckEveryMs: 3_600_000,
      reads: { maxLagMs: 36_000_000 },
    });
    await cluster.ready();
    clusters.push(cluster);
    const reader = cluster.readOnly();
    points.push({ x, run: repeated(() => reader.query('SELECT 1')) });
  }
  await axes.measure({
    name: 'db-ha: replicas to choose from, on pools that are fakes',
    operation: 'a read',
    x: 'size',
    points,
  });
  for (const cluster of clusters) await cluster.close();
}

async function lengthOfStatement(axes) {
  const parser = require('libpg-query');
  const router = await createRouter({ parser });
  const forgetful = await createRouter({ parser, maxEntries: 1 });
  const sizes = [100, 1_000, 4_000, 16_000];
  const statements = sizes.map(statementOf);
  await axes.measure({
    name: 'db-ha: characters of a statement that is remembered',
    operation: 'to route it, as a new string',
    x: 'size',
    points: statements.map((text) => {
      const bytes = Buffer.from(text);
      return {
        x: text.length,
        run: repeated(() => router.classify(bytes.latin1Slice()), { isAsync: false }),
      };
    }),
    limit: {
      name: 'the new string alone',
      points: statements.map((text) => {
        const bytes = Buffer.from(text);
        return { x: text.length, run: repeated(() => bytes.latin1Slice(), { isAsync: false }) };
      }),
    },
  });
  let turn = 0;
  await axes.measure({
    name: 'db-ha: characters of a statement that is new',
    operation: 'to parse and route it',
    x: 'size',
    points: statements.map((text) => ({
      x: text.length,
      run: repeated(
        () => {
          turn += 1;
          return forgetful.classify(`${text} offset ${turn}`);
        },
        { isAsync: false },
      ),
    })),
    limit: {
      name: "PostgreSQL's parser alone",
      points: statements.map((text) => ({
        x: text.length,
        run: repeated(() => parser.parseSync(text), { isAsync: false }),
      })),
    },
  });
}

/** A read of about so many characters, longer by its conditions, as a query builder makes it. */
function statementOf(length) {
  let text = `select ${columns.map((name) => `"contacts"."${name}"`).join(', ')} from "contacts" where "tenant_id" = $1`;
  for (let at = 2; text.length < length; at++) text += ` and "field_${at}" = $${at}`;
  return text;
}
