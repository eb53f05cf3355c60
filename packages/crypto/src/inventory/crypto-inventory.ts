import { checkOptions, expects, optionChecks } from '@unite/shared';
import { type Assets, connectionAsset, passwordAsset } from './assets';
import type { CycloneDxAsset } from './cyclonedx-types';
import { inventoryTable } from './inventory-table';
import { providerAssets } from './provider-assets';
import type { CryptoInventory, CryptoInventoryOptions } from './types';
import { vaultAssets } from './vault-assets';

const list = expects('an array', Array.isArray);
const never = new AbortController().signal;

/**
 * Lists the cryptography of an application: algorithms, keys by name and state, protocols. It holds no secrets.
 *
 * The same set-up gives the same document, so that a change of it shows as a change of the file.
 *
 * @example
 * const { document, table } = await cryptoInventory({ vaults: [vault], keys: [keys] });
 *
 * @throws TypeError for options that are none, and for two assets with one `bom-ref`
 * @throws whatever a key provider throws that is asked for its root keys
 * @see https://cyclonedx.org/capabilities/cbom/
 */
export async function cryptoInventory(options: CryptoInventoryOptions): Promise<CryptoInventory> {
  checkOptions('cryptoInventory', options, checks, ['vaults']);
  const { vaults, keys = [], tls = [], passwords = [], extra = [], application, signal = never } = options;
  const providers = await Promise.all(keys.map((provider) => providerAssets(provider, { signal })));
  const found: readonly Assets[] = [
    ...providers,
    ...vaults.map((vault) => vaultAssets(vault.status(), keys)),
    { components: [...passwords.map(passwordAsset), ...tls.map(connectionAsset)], dependencies: [] },
  ];
  const components = inOrder([...withoutRepeats(found.flatMap((assets) => assets.components)), ...extra]);
  const dependencies = found
    .flatMap((assets) => assets.dependencies)
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: [...new Set(dependsOn)].sort() }))
    .sort((left, right) => compare(left.ref, right.ref));
  return {
    document: {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        ...(options.timestamp && { timestamp: options.timestamp.toISOString() }),
        ...(application !== undefined && {
          component: { type: 'application', name: application, 'bom-ref': `application:${application}` },
        }),
      },
      components,
      dependencies,
    },
    table: inventoryTable(components),
  };
}

const checks = {
  vaults: list,
  keys: list,
  tls: list,
  passwords: list,
  extra: list,
  application: optionChecks.string,
  timestamp: expects('a date', (value) => value instanceof Date && !Number.isNaN(value.getTime())),
  signal: expects('an AbortSignal', (value) => value instanceof AbortSignal),
};

/** Several vaults use the same algorithms. */
function withoutRepeats(assets: readonly CycloneDxAsset[]): CycloneDxAsset[] {
  const isFirst = (asset: CycloneDxAsset, at: number) =>
    assets.findIndex((other) => other['bom-ref'] === asset['bom-ref']) === at;
  return assets.filter((asset, at) => asset.cryptoProperties.assetType !== 'algorithm' || isFirst(asset, at));
}

/** @throws TypeError */
function inOrder(assets: readonly CycloneDxAsset[]): CycloneDxAsset[] {
  const sorted = assets.toSorted((left, right) => compare(left['bom-ref'], right['bom-ref']));
  const repeated = sorted.find((asset, at) => asset['bom-ref'] === sorted[at + 1]?.['bom-ref']);
  if (repeated) throw new TypeError(`cryptoInventory: there are two assets "${repeated['bom-ref']}"`);
  return sorted;
}

/** The same on every machine, whatever its language. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
