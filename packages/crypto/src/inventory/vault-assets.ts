import type { KeyProvider } from '../keys/key-types';
import type { FieldStatus, VaultStatus } from '../types';
import { type Assets, hkdf, hmac, wrappingAlgorithm, xaes } from './assets';

/**
 * The data keys of a vault with the fields that they encrypt, and the algorithms of both.
 *
 * @param providers to find out how the vault's provider wraps
 */
export function vaultAssets(
  { name, provider, fields }: VaultStatus,
  providers: readonly Pick<KeyProvider, 'name' | 'algorithm'>[],
): Assets {
  const ref = `key:data:${name}`;
  const wrapping = providers.find((one) => one.name === provider);
  const wrappedBy = wrapping && wrappingAlgorithm(wrapping.algorithm);
  const hasIndexes = fields.some(({ indexBits }) => indexBits !== undefined);
  const algorithms = [xaes, hkdf, ...(hasIndexes ? [hmac] : []), ...(wrappedBy ? [wrappedBy] : [])];
  return {
    components: [
      ...algorithms,
      {
        type: 'cryptographic-asset',
        'bom-ref': ref,
        name: `data keys of ${name}`,
        description: `one or more for each tenant, wrapped by ${provider}`,
        cryptoProperties: {
          assetType: 'related-crypto-material',
          relatedCryptoMaterialProperties: {
            type: 'secret-key',
            state: 'active',
            algorithmRef: xaes['bom-ref'],
            size: 256,
            ...(wrappedBy && { securedBy: { mechanism: provider, algorithmRef: wrappedBy['bom-ref'] } }),
          },
        },
        properties: fields
          .map((field) => ({ name: 'unite:field', value: describeField(field) }))
          .sort((left, right) => (left.value < right.value ? -1 : 1)),
      },
    ],
    dependencies: [{ ref, dependsOn: algorithms.map((algorithm) => algorithm['bom-ref']) }],
  };
}

/** `contacts.email text, index of 128 bits` */
function describeField({ table, column, type, indexBits, plaintextUntilMs }: FieldStatus): string {
  return [
    `${table}.${column} ${type}`,
    ...(indexBits === undefined ? [] : [`index of ${indexBits} bits`]),
    ...(plaintextUntilMs === undefined
      ? []
      : [`plaintext until ${new Date(plaintextUntilMs).toISOString().slice(0, 10)}`]),
  ].join(', ');
}
