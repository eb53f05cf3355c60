import { realpath } from 'node:fs/promises';
import type { Clock } from '@unite/core';
import { beforeAbort } from '../before-abort';
import type { KeyCall, KeyStore } from '../key-types';
import { fileKeyStore } from './file-key-store';
import { fileError } from './read-keyring-file';

/**
 * The store beside a keyring file: one for all links that lead to the file, and the same from its first use on.
 *
 * @param path absolute path of the file
 */
export function storeBeside(path: string, clock: Clock | undefined): KeyStore {
  let found: KeyStore | undefined;

  async function locate(): Promise<KeyStore> {
    if (found) return found;
    const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw fileError(path, error);
      return undefined;
    });
    // A file that comes later may be a link.
    if (real === undefined) return fileKeyStore(`${path}.d`, { clock });
    found ??= fileKeyStore(`${real}.d`, { clock });
    return found;
  }

  function using<Result>({ signal }: KeyCall, work: (store: KeyStore) => Promise<Result>): Promise<Result> {
    return beforeAbort(async () => work(await locate()), signal, 'The key store');
  }

  return {
    read: (tenantId, call) => using(call, (store) => store.read(tenantId, call)),
    add: (key, after, call) => using(call, (store) => store.add(key, after, call)),
    replace: (key, from, call) => using(call, (store) => store.replace(key, from, call)),
    remove: (key, call) => using(call, (store) => store.remove(key, call)),
    shred: (tenantId, call) => using(call, (store) => store.shred(tenantId, call)),
    tenants: (page, call) => using(call, (store) => store.tenants(page, call)),
  };
}
