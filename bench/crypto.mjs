/**
 * What it costs to encrypt a field of 64 bytes and to decrypt it again: beside AES-256-GCM of Node.js with nothing
 * around it, and beside peers. Interleaved, medians and ranges of the rounds, ratios within each round; and how many
 * bytes longer than its plaintext what is stored is.
 *
 * node crypto.mjs [--quick]   (build the packages first)
 */
import { randomBytes } from 'node:crypto';
import { createVault } from '../packages/crypto/dist/index.js';
import { memoryKeyring } from '../packages/crypto/dist/keys.js';
import { peers } from './crypto/peers.mjs';
import { rawGcm } from './crypto/raw-gcm.mjs';
import { barsOf } from './lib/bars-of.mjs';
import { importBundled } from './lib/import-bundled.mjs';
import { Report } from './lib/report.mjs';
import { medianOf, ratioOf } from './lib/rounds.mjs';
import { short, times } from './lib/table.mjs';
import { timed } from './lib/timed.mjs';

const report = new Report({
  title: 'A field of 64 bytes',
  subject: 'crypto',
  about:
    'Encrypt, then decrypt again, with what is stored bound to its tenant, table, column and row. The limit is AES-256-GCM of Node.js with nothing around it, awaited as a field is.',
});
const settings = report.quick ? { rounds: 7, roundMs: 5 } : { rounds: 101, roundMs: 20 };
/** Of raw AES-256-GCM, which the field must reach. */
const bar = 0.6;
const mostOverheadBytes = 78;

const items = Array.from({ length: 256 }, (_, at) => ({
  plaintext: randomBytes(64),
  text: randomBytes(48).toString('base64url'),
  rowId: at + 1,
  place: { rowId: at + 1, tenantId: 'acme' },
  // As long as what the vault makes of the place itself.
  aad: Buffer.from(`unite.crypto.cell acme contacts avatar ${String(at + 1).padStart(3)}`),
}));

const raw = rawGcm(randomBytes(32));
const { Sealer } = await importBundled('packages/crypto/src/xaes/sealer.ts', 'packages/crypto');
const sealer = new Sealer(randomBytes(32));
const header = Buffer.from([1, 1, 0, 0, 0, 7]);
const vault = createVault({ keys: memoryKeyring() });
const bytesField = vault.field('contacts', 'avatar', { type: 'bytes' });
const textField = vault.field('contacts', 'email');

const [aesGcm, aesGcmText] = ['AES-256-GCM of Node.js', 'AES-256-GCM of Node.js, text'];
const aesGcmSync = `${aesGcm}, in a loop without promises`;
const belowField = 'the sealer below the field';
const [field, fieldText] = ["vault.field, type 'bytes'", 'vault.field, text'];
/** @type {import('./crypto/peers.mjs').Peer[]} */
const ours = [
  {
    name: field,
    takes: 'bytes',
    encrypt: ({ plaintext, place }) => bytesField.encrypt(plaintext, place),
    decrypt: (sealed, { place }) => bytesField.decrypt(sealed, place),
    bytesOf: (sealed) => sealed.length,
  },
  {
    name: fieldText,
    takes: 'text',
    encrypt: ({ text, place }) => textField.encrypt(text, place),
    decrypt: (sealed, { place }) => textField.decrypt(sealed, place),
    bytesOf: (sealed) => sealed.length,
  },
];
const below = [
  {
    name: aesGcmSync,
    takes: 'bytes',
    isSync: true,
    encrypt: ({ plaintext, aad }) => raw.encrypt(plaintext, aad),
    decrypt: (sealed, { aad }) => raw.decrypt(sealed, aad),
    bytesOf: (sealed) => sealed.length,
  },
  {
    name: aesGcm,
    takes: 'bytes',
    encrypt: ({ plaintext, aad }) => raw.encrypt(plaintext, aad),
    decrypt: (sealed, { aad }) => raw.decrypt(sealed, aad),
    bytesOf: (sealed) => sealed.length,
  },
  {
    name: aesGcmText,
    takes: 'text',
    encrypt: ({ text, aad }) => raw.encrypt(Buffer.from(text), aad).toString('base64url'),
    decrypt: (sealed, { aad }) => raw.decrypt(Buffer.from(sealed, 'base64url'), aad).toString(),
    bytesOf: (sealed) => sealed.length,
  },
  {
    name: belowField,
    takes: 'bytes',
    isSync: true,
    encrypt: ({ plaintext, aad }) => sealer.seal(plaintext, aad, header),
    decrypt: (sealed, { aad }) => sealer.open(sealed, aad, header.length),
    bytesOf: (sealed) => sealed.length,
  },
];
const others = await peers();
const all = [...below, ...ours, ...others];

const overheads = {};
for (const one of all) overheads[one.name] = await overheadOf(one);

const contestants = Object.fromEntries(
  all.map(({ name, encrypt, decrypt, isSync = false }) => [
    name,
    isSync
      ? { isAsync: false, run: (item) => decrypt(encrypt(item), item) }
      : { isAsync: true, run: async (item) => decrypt(await encrypt(item), item) },
  ]),
);
const { wall, cpu } = await timed(contestants, items, settings);
report.table(
  'Encrypt and decrypt 64 bytes',
  ['', 'µs, median', 'range', 'µs of processors', 'as fast as raw', 'bytes more'],
  all.map(({ name, takes }) => [
    name,
    short(medianOf(wall[name]) / 1_000),
    `${short(Math.min(...wall[name]) / 1_000)}–${short(Math.max(...wall[name]) / 1_000)}`,
    short(medianOf(cpu[name]) / 1_000),
    times(speedOf(wall, name, takes === 'text' ? aesGcmText : aesGcm)),
    overheads[name],
  ]),
);
report.note('Text is stored as text; its bytes more are those of base64 and the like, too.');
for (const kind of ['bytes', 'text']) {
  const names = all
    .filter(({ name, takes }) => takes === kind && name !== belowField)
    .map(({ name }) => name);
  const samples = Object.fromEntries(names.map((name) => [name, cpu[name]]));
  report.bars({
    title: `Encrypt and decrypt 64 bytes, as ${kind}: processor time`,
    unit: 'µs',
    isLog: true,
    bars: barsOf(samples, {
      ours: ours.map(({ name }) => name),
      limit: below.map(({ name }) => name),
      per: 1_000,
    }),
  });
}

const toRaw = speedOf(wall, field, aesGcm).median;
report.claim(`${field}: at least ${bar}× as fast as ${aesGcm}`, toRaw >= bar, {
  figure: `${short(toRaw)}×`,
  isOfMachine: true,
});
for (const { name, takes } of others) {
  const own = takes === 'text' ? fieldText : field;
  const speed = speedOf(wall, own, name).median;
  report.claim(`${own}: as fast as ${name}`, speed > 1, { figure: `${short(speed)}×`, isOfMachine: true });
}
report.claim(
  `${field}: at most ${mostOverheadBytes} bytes longer than its plaintext`,
  overheads[field] <= mostOverheadBytes,
  { figure: `${overheads[field]} bytes` },
);
report.end();
await vault.close();
process.exit();

/** How many times as fast, within each round. */
function speedOf(samples, name, base) {
  return ratioOf(samples, base, name);
}

/** And whether it reads what it wrote: else it would be fast for nothing. */
async function overheadOf({ name, takes, encrypt, decrypt, bytesOf }) {
  const [item] = items;
  const sealed = await encrypt(item);
  const opened = await decrypt(sealed, item);
  const isSame = takes === 'text' ? opened === item.text : Buffer.from(opened).equals(item.plaintext);
  if (!isSame) throw new Error(`${name} does not read what it wrote`);
  return bytesOf(sealed) - 64;
}
