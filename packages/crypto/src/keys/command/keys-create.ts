import type { UniteCommand } from '@unite/core';
import { CryptoError } from '../../errors';
import { addRootKey, createKeyringFile } from '../file/root-keys';
import type { KeysCommandOptions } from '../keys-command-types';
import { keyringPathOf } from './keyring-path';

/** `unite keys create` */
export function keysCreate(options: KeysCommandOptions): UniteCommand {
  return {
    name: 'keys create',
    about: 'make the keyring file, or add a root key to it',
    options: {
      id: { type: 'string', about: 'name of the root key, instead of the month' },
      primary: { type: 'boolean', about: 'wrap with it from now on; its first key always is' },
    },
    async run({ options: given }) {
      const path = keyringPathOf(options);
      const id = given.id as string | undefined;
      const created = await createdFile(path, id);
      if (created !== undefined) {
        return {
          text: `${path} was made, with the root key ${created}. Whoever loses it loses all data: keep a copy.`,
          data: { path, id: created, isNewFile: true, isPrimary: true },
        };
      }
      const isPrimary = given.primary === true;
      const added = await addRootKey(path, { id, makePrimary: isPrimary });
      const next = isPrimary
        ? 'It wraps from now on; `unite keys rewrap` brings older data keys under it.'
        : `Bring the file to every machine, then \`unite keys rotate --root --id ${added}\`.`;
      return {
        text: `The root key ${added} was added to ${path}. ${next}`,
        data: { path, id: added, isNewFile: false, isPrimary },
      };
    },
  };
}

/** The name of its root key; `undefined` where the file is there already. */
async function createdFile(path: string, id: string | undefined): Promise<string | undefined> {
  try {
    return await createKeyringFile(path, { id });
  } catch (error) {
    if (CryptoError.isInstance(error) && error.code === 'UNITE_CRYPTO_KEY_CONFLICT') return undefined;
    throw error;
  }
}
