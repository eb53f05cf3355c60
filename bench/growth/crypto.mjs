import { randomBytes } from 'node:crypto';
import { createVault } from '../../packages/crypto/dist/index.js';
import { memoryKeyring } from '../../packages/crypto/dist/keys.js';
import { rawGcm } from '../crypto/raw-gcm.mjs';
import { repeated } from './loops.mjs';

/** The vault: bytes of a value, fields of a row, tenants whose keys are ready, tokens of a blind index. */
export async function crypto(axes) {
  await bytesOfValue(axes);
}

async function bytesOfValue(axes) {
  const sizes = [16, 256, 4_096, 65_536, 1_048_576];
  const vault = createVault({ keys: memoryKeyring() });
  const field = vault.field('files', 'content', { type: 'bytes' });
  const raw = rawGcm(randomBytes(32));
  const place = { rowId: 1, tenantId: 'acme' };
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
