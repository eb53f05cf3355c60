import type { KeyCall, KeyProvider, RootKey } from '../keys/key-types';
import { type Assets, wrappingAlgorithm } from './assets';
import type { CycloneDxAsset } from './cyclonedx-types';

/** NIST SP 800-57 part 1 §7: what no longer encrypts but still decrypts is deactivated. */
const states = {
  primary: 'active',
  previous: 'deactivated',
  disabled: 'suspended',
  destroyed: 'destroyed',
} as const satisfies Record<RootKey['state'], string>;

/** The root keys of a provider, by name and state, and what they wrap with. */
export async function providerAssets(
  provider: Pick<KeyProvider, 'name' | 'algorithm' | 'rootKeys'>,
  call: KeyCall,
): Promise<Assets> {
  const wrapping = wrappingAlgorithm(provider.algorithm);
  const keys = (await provider.rootKeys?.(call)) ?? [];
  return {
    components: [wrapping, ...keys.map((key) => rootKeyAsset(provider.name, key, wrapping['bom-ref']))],
    dependencies: [],
  };
}

function rootKeyAsset(provider: string, key: RootKey, algorithmRef: string): CycloneDxAsset {
  return {
    type: 'cryptographic-asset',
    'bom-ref': `key:${provider}:${key.id}`,
    name: key.id,
    description: `root key of ${provider}`,
    cryptoProperties: {
      assetType: 'related-crypto-material',
      relatedCryptoMaterialProperties: {
        type: 'secret-key',
        id: key.id,
        state: states[key.state],
        algorithmRef,
        ...(key.createdAtMs !== undefined && { creationDate: new Date(key.createdAtMs).toISOString() }),
      },
    },
  };
}
