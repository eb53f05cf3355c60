import { basename, resolve } from 'node:path';
import type { Clock } from '@unite/core';
import { checkOptions, describeValue, optionChecks } from '@unite/shared';
import { Sealer } from '../../xaes/sealer';
import type { KeyProvider } from '../key-types';
import { ringKeyring } from '../ring-keyring';
import type { RootRing } from '../root-ring';
import { fileKeyStore } from './file-key-store';
import type { KeyringFile } from './keyring-file-types';
import { keyringFileVersion, readKeyringFile } from './read-keyring-file';
import { storeBeside } from './store-beside';

/** Options of `fileKeyring`. */
export interface FileKeyringOptions {
  /** Folder of the tenants' wrapped data keys, for a vault that is given no store. @default the file's real path, with `.d` */
  readonly storePath?: string | undefined;
  /** @default the machine's time */
  readonly clock?: Clock | undefined;
}

/**
 * Root keys in a JSON file that nobody else may read, such as `createKeyringFile` and `unite keys create` make it. It
 * is read when a key is needed, and again when it was changed, so that a rotation reaches processes that run.
 *
 * Its `store` is a folder beside the file, for one machine; several share a store in a database, such as
 * `postgresKeyStore`. Keys are in this process's memory, and overwriting them is best effort in JavaScript.
 *
 * A path is from where the process is when it calls this. The store of a file that is reached through a link is beside
 * the file and not the link; where links change, as those of mounted secrets do, say `storePath`.
 *
 * @param given path of the file: `./keys.json`
 * @throws TypeError
 * @example
 * const vault = createVault({ keys: fileKeyring('./keys.json') });
 */
export function fileKeyring(given: string, options: FileKeyringOptions = {}): KeyProvider {
  if (typeof given !== 'string' || given === '')
    throw new TypeError(`fileKeyring: path must be the path of a file, got ${describeValue(given)}`);
  checkOptions('fileKeyring', options, { storePath: optionChecks.string, clock: optionChecks.object });
  const { storePath, clock } = options;
  // The process may go elsewhere before it needs a key.
  const path = resolve(given);
  const rings = new RingFile(path);
  return ringKeyring({
    name: 'file',
    title: `The keyring ${basename(path)}`,
    ring: () => rings.current(),
    store: storePath === undefined ? storeBeside(path, clock) : fileKeyStore(storePath, { clock }),
  });
}

/** The root keys of a file as it is now. */
class RingFile {
  readonly #path: string;
  #read: { readonly version: string; readonly ring: RootRing } | undefined;
  #reading: Promise<RootRing> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async current(): Promise<RootRing> {
    const version = await keyringFileVersion(this.#path);
    if (this.#read?.version === version) return this.#read.ring;
    this.#reading ??= this.#load().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #load(): Promise<RootRing> {
    const { file, version } = await readKeyringFile(this.#path);
    const ring = ringOf(file);
    this.#read = { version, ring };
    return ring;
  }
}

function ringOf({ primary, keys }: KeyringFile): RootRing {
  const ring = [...keys].map(([id, { key, ...rest }]) => {
    const sealer = key && new Sealer(key);
    key?.fill(0);
    return [id, { ...rest, sealer }] as const;
  });
  return { primary, keys: new Map(ring) };
}
