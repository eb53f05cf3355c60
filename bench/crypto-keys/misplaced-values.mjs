import { randomBytes } from 'node:crypto';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../packages/crypto/dist/keys.js';

const tenantIds = ['acme', 'globex', 'initech', 'hooli', 'umbrella'];
const columns = ['email', 'phone', 'address', 'notes'];
const rowIds = [1, 2, 11, 'ab', 'a'];

/** Each value is read where it was put, and at every other place. */
export async function swappedValues(report) {
  const vault = createVault({ keys: memoryKeyring() });
  const fields = Object.fromEntries(columns.map((column) => [column, vault.field('contacts', column)]));
  const values = [];
  for (const tenantId of tenantIds) {
    for (const column of columns) {
      for (const rowId of rowIds) {
        const stored = await fields[column].encrypt('the same', { rowId, tenantId });
        values.push({ stored, tenantId, column, rowId });
      }
    }
  }
  const tried = { 'its own place': 0, 'another row': 0, 'another column': 0, 'another tenant': 0 };
  const opened = { ...tried };
  const codes = {};
  for (const value of values) {
    for (const place of values) {
      const where = differenceOf(value, place);
      tried[where] += 1;
      try {
        const read = await fields[place.column].decrypt(value.stored, place);
        if (read === 'the same') opened[where] += 1;
      } catch ({ code }) {
        codes[code] = (codes[code] ?? 0) + 1;
      }
    }
  }
  await vault.close();
  const rows = Object.entries(tried).map(([where, times]) => [where, times, opened[where]]);
  report.table('A value read at', ['', 'times', 'opened'], rows);
  report.note(describeCodes(codes));
  const refused = Object.values(codes).reduce((sum, count) => sum + count, 0);
  const swaps = values.length * (values.length - 1);
  report.claim(
    `${swaps.toLocaleString('en')} swaps between rows, columns and tenants are all refused`,
    refused === swaps && opened['its own place'] === values.length,
    {
      figure: `${refused.toLocaleString('en')} refused; ${opened['its own place']} of ${values.length} opened at their own place`,
    },
  );
}

function differenceOf(value, place) {
  if (value === place) return 'its own place';
  if (value.tenantId !== place.tenantId) return 'another tenant';
  return value.column === place.column ? 'another row' : 'another column';
}

/** Every bit of a stored value flipped, one at a time, and every length cut off. */
export async function flippedBits(report) {
  const vault = createVault({ keys: memoryKeyring(), tenantId: 'acme' });
  const field = vault.field('contacts', 'avatar', { type: 'bytes' });
  const place = { rowId: 7 };
  const tried = { 'one bit': 0, 'the end cut off': 0 };
  const opened = { ...tried };
  const codes = {};
  for (const length of [0, 1, 15, 16, 64, 200]) {
    const stored = await field.encrypt(randomBytes(length), place);
    for (let bit = 0; bit < stored.length * 8; bit += 1) {
      const altered = Buffer.from(stored);
      altered[bit >> 3] ^= 1 << (bit & 7);
      await tryToOpen('one bit', altered);
    }
    for (let end = 0; end < stored.length; end += 1) {
      await tryToOpen('the end cut off', stored.subarray(0, end));
    }
  }
  await vault.close();
  const rows = Object.entries(tried).map(([what, times]) => [what, times, opened[what]]);
  report.table('A value of which was altered', ['', 'times', 'opened'], rows);
  report.note(describeCodes(codes));
  for (const [what, times, count] of rows) {
    report.claim(
      `${what} of a value, ${times.toLocaleString('en')} times, each once: none is opened`,
      count === 0 && times > 0,
      { figure: `${count} opened` },
    );
  }

  async function tryToOpen(what, altered) {
    tried[what] += 1;
    try {
      await field.decrypt(altered, place);
      opened[what] += 1;
    } catch ({ code }) {
      codes[code] = (codes[code] ?? 0) + 1;
    }
  }
}

function describeCodes(codes) {
  return Object.entries(codes)
    .sort()
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
}
