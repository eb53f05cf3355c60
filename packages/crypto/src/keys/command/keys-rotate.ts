import type { CommandResult, CommandRun, UniteCommand } from '@unite/core';
import { CryptoError } from '../../errors';
import type { RotateOptions } from '../../types';
import { addRootKey, setRootKeyState } from '../file/root-keys';
import type { KeysCommandOptions } from '../keys-command-types';
import { describeReport, forEachTenant } from './for-each-tenant';
import { keyringPathOf } from './keyring-path';

/** `unite keys rotate` */
export function keysRotate(options: KeysCommandOptions): UniteCommand {
  return {
    name: 'keys rotate',
    about: 'give tenants a new data key, or the keyring a new primary root key',
    options: {
      tenant: { type: 'string', about: 'only this tenant' },
      now: { type: 'boolean', about: 'encrypt under it at once: where a single process runs' },
      root: { type: 'boolean', about: 'a new root key in the keyring file instead of data keys' },
      id: { type: 'string', about: 'with --root: name of the root key, one that is there or a new one' },
    },
    async run(run) {
      const { tenant, root, id } = run.options as Partial<Record<string, string>>;
      if (root && tenant !== undefined) throw new TypeError('--root is for all tenants: leave out --tenant');
      if (!root && id !== undefined) throw new TypeError('--id names a root key: give --root too');
      if (root) return rotateRoot(keyringPathOf(options), id);
      const when: RotateOptions = run.options.now === true ? { activeAfterMs: 0 } : {};
      return tenant === undefined ? rotateAll(options, run, when) : rotateOne(options, tenant, when);
    },
  };
}

async function rotateRoot(path: string, wanted: string | undefined): Promise<CommandResult> {
  const id = await newPrimary(path, wanted);
  return {
    text: `${path}: ${id} wraps from now on. \`unite keys rewrap\` brings older data keys under it.`,
    data: { path, rootKeyId: id },
  };
}

/** One that `keys create` has added before becomes the primary; else one is made. */
async function newPrimary(path: string, wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return addRootKey(path, { makePrimary: true });
  try {
    await setRootKeyState(path, wanted, 'primary');
    return wanted;
  } catch (error) {
    if (!CryptoError.isInstance(error) || error.code !== 'UNITE_CRYPTO_KEY_UNKNOWN') throw error;
    return addRootKey(path, { id: wanted, makePrimary: true });
  }
}

const next =
  'It encrypts as soon as all processes know it. What was encrypted before stays readable; a sweep re-encrypts it.';

async function rotateOne(
  { vault }: KeysCommandOptions,
  tenantId: string,
  when: RotateOptions,
): Promise<CommandResult> {
  const keyId = await vault.keys.rotate(tenantId, when);
  return { text: `Tenant ${tenantId} has a new data key ${keyId}. ${next}`, data: { tenantId, keyId } };
}

async function rotateAll(
  { vault }: KeysCommandOptions,
  run: CommandRun,
  when: RotateOptions,
): Promise<CommandResult> {
  const report = await forEachTenant(vault, run, async (tenantId) => {
    await vault.keys.rotate(tenantId, when);
  });
  const head = `${report.tenants} tenants have a new data key. ${next}`;
  return {
    text: [head, ...describeReport(report)].join('\n'),
    data: report,
    exitCode: report.failed > 0 || report.isInterrupted ? 1 : 0,
  };
}
