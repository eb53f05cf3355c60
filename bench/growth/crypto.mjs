import { randomBytes } from 'node:crypto';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../packages/crypto/dist/keys.js';
import { rawGcm } from '../crypto/raw-gcm.mjs';
import { loopOf } from '../lib/rounds.mjs';
import { repeated } from './loops.mjs';

const place = { rowId: 1, tenantId: 'acme' };

/** The vault: bytes of a value, fields of a row, tenants whose keys are ready, tokens of a blind index. */
export async function crypto(axes) {
  await bytesOfValue(axes);
  await fieldsOfRow(axes);
  await tenantsWithKeys(axes);
  await keysOfIndex(axes);
}

async function bytesOfValue(axes) {
  const sizes = [16, 256, 4_096, 65_536, 1_048_576];
  const vault = createVault({ keys: memoryKeyring() });
  const field = vault.field('files', 'content', { type: 'bytes' });
  const raw = rawGcm(randomBytes(32));
  const aad = Buffer.from('unite.crypto.cell acme files content   1');
  const values = sizes.map((size) => randomBytes(size));
  await axes.measure({
    name: 'crypto: bytes of a value',
    operation: 'to encrypt and decrypt',
    x: 'size',
    points: sizes.map((x, at) => ({
      x,
      run: repeated(async () => field.decrypt(await field.encrypt(values[at], place), place)),
    })),
    limit: {
      name: 'AES-256-GCM of Node.js',
      points: sizes.map((x, at) => ({
        x,
        run: repeated(async () => raw.decrypt(raw.encrypt(values[at], aad), aad)),
      })),
    },
  });
  await vault.close();
}

async function fieldsOfRow(axes) {
  const vault = createVault({ keys: memoryKeyring(), tenantId: 'acme' });
  const points = [1, 4, 16, 64].map((x) => {
    const names = Array.from({ length: x }, (_, at) => `field_${at}`);
    const table = vault.table(`contacts_${x}`, {
      rowId: 'id',
      columns: Object.fromEntries(names.map((name) => [name, {}])),
    });
    const row = { id: 1, ...Object.fromEntries(names.map((name) => [name, `a value of ${name}`])) };
    return { x, run: repeated(async () => table.decrypt(await table.encrypt(row))) };
  });
  await axes.measure({
    name: 'crypto: fields of a row',
    operation: 'to encrypt and decrypt it',
    x: 'size',
    points,
  });
  await vault.close();
}

async function tenantsWithKeys(axes) {
  const points = [];
  const vaults = [];
  for (const x of [10, 100, 1_000, 10_000]) {
    const vault = createVault({ keys: memoryKeyring() });
    vaults.push(vault);
    const field = vault.field('contacts', 'email');
    const stored = [];
    for (let at = 0; at < x; at++) {
      const place = { rowId: at, tenantId: `tenant-${at}` };
      stored.push({ place, text: await field.encrypt('ada@example.com', place) });
    }
    const values = Array.from({ length: Math.max(x, 8) }, () => stored[Math.floor(Math.random() * x)]);
    points.push({ x, run: loopOf(({ place, text }) => field.decrypt(text, place), values) });
  }
  await axes.measure({
    name: 'crypto: tenants whose keys are ready',
    operation: 'to decrypt a field',
    x: 'population',
    points,
  });
  for (const vault of vaults) await vault.close();
}

async function keysOfIndex(axes) {
  const points = [];
  const vaults = [];
  for (const x of [1, 4, 16, 64]) {
    const vault = createVault({ keys: memoryKeyring(), tenantId: 'acme' });
    vaults.push(vault);
    const field = vault.field('contacts', 'email', { search: 'equality' });
    await field.encrypt('ada@example.com', { rowId: 1 });
    for (let keys = 1; keys < x; keys++) await vault.keys.rotate('acme', { activeAfterMs: 0 });
    const { length } = await field.indexes('ada@example.com');
    if (length !== x) throw new Error(`there are ${length} tokens of ${x} keys`);
    points.push({ x, run: repeated(() => field.indexes('ada@example.com')) });
  }
  await axes.measure({
    name: 'crypto: keys of a tenant',
    operation: 'the tokens to search a field by, one for each',
    x: 'size',
    points,
  });
  for (const vault of vaults) await vault.close();
}
