import type { UniteCommand } from '@unite/core';
import { checkOptions, optionChecks } from '@unite/shared';
import { keysCreate } from './command/keys-create';
import { keysInventory } from './command/keys-inventory';
import { keysRewrap } from './command/keys-rewrap';
import { keysRotate } from './command/keys-rotate';
import { keysShred } from './command/keys-shred';
import { keysStatus } from './command/keys-status';
import type { KeysCommandOptions } from './keys-command-types';

/**
 * The commands `unite keys create`, `rotate`, `rewrap`, `status`, `shred` and `inventory`, for `unite.config.ts`.
 *
 * @throws TypeError for options that are none
 * @example
 * export default defineConfig({
 *   commands: [...keysCommand({ vault, keys, keyringPath: './keys.json' })],
 * });
 */
export function keysCommand(options: KeysCommandOptions): readonly UniteCommand[] {
  checkOptions(
    'keysCommand',
    options,
    {
      vault: optionChecks.object,
      keys: optionChecks.object,
      keyringPath: optionChecks.string,
      inventory: optionChecks.object,
    },
    ['vault'],
  );
  return [keysCreate, keysRotate, keysRewrap, keysStatus, keysShred, keysInventory].map((command) =>
    command(options),
  );
}
