import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '@unite/core';
import { checkOptions, describeValue, optionChecks, systemClock } from '@unite/shared';
import { beforeAbort } from '../before-abort';
import type { KeyCall, KeyStore, TenantKeys } from '../key-types';
import { addKey, removeKey, replaceKey, shredKeys } from '../tenant-keys';
import { pageOf } from '../tenants-page';
import { fileError } from './read-keyring-file';
import { TenantFiles } from './tenant-files';
import { tenantFolder, tenantOfFolder } from './tenant-folder';

/** Options of `fileKeyStore`. */
export interface FileKeyStoreOptions {
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/**
 * Keeps wrapped data keys in a folder: for the processes of one machine, which may change a tenant's keys at once. What
 * is acknowledged was written through to the disk.
 *
 * Each tenant has a folder with one file for each version of its keys. A version is written once and by one process,
 * the highest counts, and the ones before it are emptied: also by a shredding, which is a version without keys.
 *
 * @param given path of the folder, from where the process is now; it is made when the first key is added
 * @throws TypeError
 */
export function fileKeyStore(given: string, options: FileKeyStoreOptions = {}): KeyStore {
  if (typeof given !== 'string' || given === '')
    throw new TypeError(`fileKeyStore: path must be the path of a folder, got ${describeValue(given)}`);
  checkOptions('fileKeyStore', options, { clock: optionChecks.object });
  const { clock = systemClock } = options;
  // The process may go elsewhere before it needs a key.
  const path = resolve(given);

  const filesOf = (tenantId: string) => new TenantFiles(join(path, tenantFolder(tenantId)));

  function within<Result>({ signal }: KeyCall, work: () => Promise<Result>): Promise<Result> {
    const done = async () => {
      try {
        return await work();
      } catch (error) {
        throw fileError(path, error);
      }
    };
    return beforeAbort(done, signal, 'The key store');
  }

  /** Whether there was anything to change, and nobody else changed it meanwhile. */
  async function change(
    tenantId: string,
    next: (before: TenantKeys | undefined) => TenantKeys | undefined,
  ): Promise<boolean> {
    const files = filesOf(tenantId);
    const { version, record } = await files.read();
    const keys = next(record?.keys);
    return keys !== undefined && (await files.write(version + 1, tenantId, keys));
  }

  async function shred(tenantId: string): Promise<number | undefined> {
    const files = filesOf(tenantId);
    const { version, record } = await files.read();
    if (record?.keys.shreddedAtMs !== undefined) {
      // Whoever shredded may have ended before the older versions were emptied.
      await files.emptyBelow(version);
      return 0;
    }
    const isDone = await files.write(version + 1, tenantId, shredKeys(record?.keys, clock.wallMs()));
    return isDone ? (record?.keys.keys.length ?? 0) : undefined;
  }

  async function tenantOf(folder: string): Promise<string | undefined> {
    return tenantOfFolder(folder) ?? (await new TenantFiles(join(path, folder)).read()).record?.tenantId;
  }

  return {
    read: (tenantId, call) =>
      within(call, async () => {
        const { record } = await filesOf(tenantId).read();
        return record?.keys;
      }),
    add: (key, after, call) =>
      within(call, () => change(key.tenantId, (before) => addKey(before, key, after))),
    replace: (key, from, call) =>
      within(call, () => change(key.tenantId, (before) => replaceKey(before, key, from))),
    remove: ({ tenantId, keyId }, call) =>
      within(call, () => change(tenantId, (before) => removeKey(before, keyId))),
    shred: (tenantId, call) =>
      within(call, async () => {
        let count: number | undefined;
        while (count === undefined && !call.signal.aborted) count = await shred(tenantId);
        return count ?? 0;
      }),
    tenants: (page, call) =>
      within(call, async () => {
        const known = (await Promise.all((await foldersIn(path)).map(tenantOf))).filter(isDefined);
        const tenants: string[] = [];
        for (const tenantId of pageOf(known, { after: page.after, limit: known.length })) {
          if (tenants.length === page.limit) break;
          // Whoever made the folder may have ended before the first key was in it.
          if (await filesOf(tenantId).isWritten()) tenants.push(tenantId);
        }
        return tenants;
      }),
  };
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function isDefined(tenantId: string | undefined): tenantId is string {
  return tenantId !== undefined;
}
