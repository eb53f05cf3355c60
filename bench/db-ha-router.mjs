/**
 * Routing one statement: what is remembered, what is remembered but comes as a new string (as query builders
 * make it, so that it is hashed again), and what is parsed. Interleaved, medians and the spread of the rounds.
 *
 * node db-ha-router.mjs [--quick]   (build the packages first)
 */
import { createRequire } from 'node:module';
import { createRouter } from '../packages/db-ha/dist/router.js';

const parser = createRequire(new URL('../packages/db-ha/package.json', import.meta.url))('libpg-query');
const quick = process.argv.includes('--quick');
const rounds = quick ? 11 : 41;

const columns = ['id', 'name', 'email', 'phone', 'city', 'owner_id', 'created_at', 'updated_at'];
const read = `select ${columns.map((name) => `"contacts"."${name}"`).join(', ')} from "contacts" where "tenant_id" = $1 and lower("name") like $2 order by "created_at" desc limit $3`;
const write = 'insert into "contacts" ("id", "name") values ($1, $2) returning *';
const bytes = Buffer.from(read);

const router = await createRouter({ parser });
// A thousand others beside it, as in a process that has been running.
for (let i = 0; i < 990; i++) router.classify(`select ${i} from contacts`);
const forgetful = await createRouter({ parser, maxEntries: 1 });
let turn = 0;

const contestants = {
  remembered: { perRound: 200_000, route: () => router.classify(read) },
  'remembered, a new string': { perRound: 100_000, route: () => router.classify(bytes.latin1Slice()) },
  'a new string alone': { perRound: 100_000, route: () => bytes.latin1Slice() },
  'a write': { perRound: 200_000, route: () => router.classify(write) },
  parsed: { perRound: 200, route: () => forgetful.classify(`${read} offset ${turn++}`) },
};

const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
let sink = 0;
for (let round = -3; round < rounds; round++) {
  for (const [name, { perRound, route }] of Object.entries(contestants)) {
    const count = quick ? Math.ceil(perRound / 4) : perRound;
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) sink += route().length ?? 1;
    if (round >= 0) samples[name].push(Number(process.hrtime.bigint() - start) / count);
  }
}

console.log(`Node ${process.version}, ${rounds} rounds, a read of ${read.length} characters; ${sink}\n`);
console.log('| | ns, median | spread (p10–p90) |\n|---|---:|---:|');
for (const [name, values] of Object.entries(samples)) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(0);
  console.log(`| ${name} | ${at(0.5)} | ${at(0.1)}–${at(0.9)} |`);
}
