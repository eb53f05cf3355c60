import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CryptoError } from '../../src';
import { readTlsFiles } from '../../src/tls';
import { certificates, cleanUp, temporaryDirectory } from './support';

const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

describe('readTlsFiles', () => {
  let own: Awaited<ReturnType<typeof certificates>>;

  beforeEach(async () => {
    own = await certificates();
  });
  afterAll(cleanUp);

  it('reads what belongs together', () => {
    const { cert, key, ca, certPath, keyPath, caPath } = own;
    expect(readTlsFiles({ certPath, keyPath })).toEqual({ cert, key });
    expect(readTlsFiles({ certPath, keyPath, caPath }).ca?.trim()).toBe(ca.trim());
  });

  it.each([0o604, 0o602, 0o620, 0o666, 0o777])('refuses a key with mode %o', (mode) => {
    chmodSync(own.keyPath, mode);
    expectRefusal(own, `${own.keyPath} is open to others (mode 0${mode.toString(8)}): chmod 600`);
  });

  itAsRoot('lets a group read a key of root’s, and of nobody else’s (needs root)', () => {
    chmodSync(own.keyPath, 0o640);
    expect(readTlsFiles({ certPath: own.certPath, keyPath: own.keyPath }).key).toBe(own.key);
    chownSync(own.keyPath, 65_534, 65_534);
    expectRefusal(own, `${own.keyPath} is open to others (mode 0640): chmod 600`);
  });

  it('says which file is wrong, and nothing of what is in it', async () => {
    const foreign = await certificates();
    const wrong = join(temporaryDirectory(), 'wrong.pem');
    writeFileSync(wrong, `${readFileSync(own.keyPath, 'utf8').slice(0, 80)}\n`, { mode: 0o600 });
    const missing = join(own.directory, 'missing');
    expectRefusal({ ...own, certPath: missing }, `${missing} cannot be read`);
    expectRefusal({ ...own, certPath: wrong }, `${wrong} holds no certificate in PEM`);
    expectRefusal({ ...own, keyPath: wrong }, `${wrong} holds no private key in PEM`);
    expectRefusal({ ...own, caPath: wrong }, `${wrong} holds no certificate in PEM`);
    expectRefusal(
      { ...own, keyPath: foreign.keyPath },
      `${foreign.keyPath} is not the key of ${own.certPath}`,
    );
    const folder = join(own.directory, 'folder');
    mkdirSync(folder);
    expectRefusal({ ...own, keyPath: folder }, `${folder} is no file of at most 1048576 bytes`);
  });

  it('refuses options that are none', () => {
    expect(() => readTlsFiles({ certPath: own.certPath } as never)).toThrow(/option "keyPath"/);
  });
});

function expectRefusal(
  { certPath, keyPath, caPath }: { certPath: string; keyPath: string; caPath?: string },
  message: string,
): void {
  try {
    readTlsFiles({ certPath, keyPath, caPath });
  } catch (error) {
    expect(CryptoError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'UNITE_CRYPTO_TLS_WEAK', message });
    return;
  }
  throw new Error('nothing was refused');
}
