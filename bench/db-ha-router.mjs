/**
 * Routing one statement: what is remembered, what is remembered but comes as a new string (as query builders
 * make it, so that it is hashed again), and what is parsed.
 *
 * node db-ha-router.mjs [--quick]   (build the packages first)
 */
import { createRequire } from 'node:module';
import { createRouter } from '../packages/db-ha/dist/router.js';
import { Report } from './lib/report.mjs';
import { interleaved } from './lib/rounds.mjs';
import { showSamples } from './lib/show-samples.mjs';
import { sumLoopOf } from './lib/sum-loop-of.mjs';

const parser = createRequire(new URL('../packages/db-ha/package.json', import.meta.url))('libpg-query');
const report = new Report({
  title: 'Routing a statement',
  subject: 'db-ha',
  about:
    'Whether a statement may go to a replica: remembered, remembered but made anew as query builders do (a string that the engine has to hash again, whose making alone is the limit), and parsed by PostgreSQL’s own parser.',
});
const settings = report.quick ? { rounds: 11, roundMs: 5 } : { rounds: 41, roundMs: 25 };

const columns = ['id', 'name', 'email', 'phone', 'city', 'owner_id', 'created_at', 'updated_at'];
const read = `select ${columns.map((name) => `"contacts"."${name}"`).join(', ')} from "contacts" where "tenant_id" = $1 and lower("name") like $2 order by "created_at" desc limit $3`;
const write = 'insert into "contacts" ("id", "name") values ($1, $2) returning *';
const bytes = Buffer.from(read);

const router = await createRouter({ parser });
// A thousand others beside it, as in a process that has been running.
for (let i = 0; i < 990; i++) router.classify(`select ${i} from contacts`);
const forgetful = await createRouter({ parser, maxEntries: 1 });
let turn = 0;

const limit = 'a new string alone';
const contestants = {
  [limit]: () => bytes.latin1Slice().length,
  remembered: () => (router.classify(read) ? 1 : 0),
  'remembered, a new string': () => (router.classify(bytes.latin1Slice()) ? 1 : 0),
  'a write': () => (router.classify(write) ? 1 : 0),
  parsed: () => (forgetful.classify(`${read} offset ${turn++}`) ? 1 : 0),
};
const loops = Object.entries(contestants).map(([name, run]) => [name, sumLoopOf(run)]);
const samples = await interleaved(Object.fromEntries(loops), { ...settings, clock: 'cpu' });
const [, ...ours] = Object.keys(contestants);
const title = `A read of ${read.length} characters, processor time`;
showSamples(report, title, samples, { base: limit, ours, limit: [limit], isLog: true });
report.end();
