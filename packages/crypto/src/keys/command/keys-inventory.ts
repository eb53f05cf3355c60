import type { UniteCommand } from '@unite/core';
import { cryptoInventory } from '../../inventory';
import type { KeysCommandOptions } from '../keys-command-types';

/** `unite keys inventory` */
export function keysInventory({ vault, keys, inventory }: KeysCommandOptions): UniteCommand {
  return {
    name: 'keys inventory',
    about: 'list the cryptography that is used; with --json as a CycloneDX document',
    async run({ signal }) {
      const given = { ...inventory, vaults: [vault], ...(keys && { keys: [keys] }), signal };
      const { document, table } = await cryptoInventory(given);
      return { text: table, data: document };
    },
  };
}
