import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CryptoError } from '../../errors';
import type { TenantKeys } from '../key-types';
import { syncDirectory } from './sync-directory';
import { readTenantRecord, type TenantRecord, writeTenantRecord } from './tenant-record';
import { writeNewFile } from './write-new-file';

const versionName = /^(\d{10})\.json$/;
const draftName = /\.tmp$/;

/** What a folder holds: the version is 0 where there is none. */
export interface TenantVersion {
  readonly version: number;
  readonly record: TenantRecord | undefined;
}

/**
 * The versions of one tenant's keys. A number is never free again once it was used, also where its file was emptied:
 * whoever writes after an old version, however late, finds the name taken.
 */
export class TenantFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The highest version. @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID` */
  async read(): Promise<TenantVersion> {
    let version = await this.#highest();
    while (version > 0) {
      const record = readTenantRecord(await readFile(this.#pathOf(version), 'utf8'));
      if (record) return { version, record };
      // It may have been emptied since, by whoever wrote the next one.
      const highest = await this.#highest();
      if (highest === version)
        throw new CryptoError('UNITE_CRYPTO_KEYRING_INVALID', `${this.#pathOf(version)} is malformed`);
      version = highest;
    }
    return { version, record: undefined };
  }

  async isWritten(): Promise<boolean> {
    return (await this.#highest()) > 0;
  }

  /** Writes a version and empties the ones before it. `false` where another process was first. */
  async write(version: number, tenantId: string, keys: TenantKeys): Promise<boolean> {
    const made = await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncDirectory(dirname(this.#folder));
    const draft = join(this.#folder, `${randomBytes(12).toString('hex')}.tmp`);
    try {
      await writeNewFile(draft, writeTenantRecord(tenantId, keys));
      // Unlike a rename, it fails where the name is taken.
      await link(draft, this.#pathOf(version));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The draft is gone where another version was written meanwhile.
      if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
      return false;
    } finally {
      await rm(draft, { force: true });
    }
    await syncDirectory(this.#folder);
    await this.emptyBelow(version);
    return true;
  }

  /** Nothing of older versions is left to be read, nor of drafts whose process ended. */
  async emptyBelow(version: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (draftName.test(name)) await rm(join(this.#folder, name), { force: true });
      const older = versionOf(name);
      if (older > 0 && older < version) await empty(join(this.#folder, name));
    }
    await syncDirectory(this.#folder);
  }

  async #highest(): Promise<number> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return Math.max(0, ...names.map(versionOf));
  }

  #pathOf(version: number): string {
    return join(this.#folder, `${String(version).padStart(10, '0')}.json`);
  }
}

function versionOf(name: string): number {
  return Number(versionName.exec(name)?.[1] ?? 0);
}

async function empty(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    if (size === 0) return;
    await handle.truncate(0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
