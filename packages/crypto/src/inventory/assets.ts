import type { CycloneDxAsset, CycloneDxDependency } from './cyclonedx-types';
import type { InventoriedConnection, InventoriedPasswordHash } from './types';

/** Assets, and what they are used with. */
export interface Assets {
  readonly components: readonly CycloneDxAsset[];
  readonly dependencies: readonly CycloneDxDependency[];
}

/** What encrypts values, and wraps data keys where root keys are not hosted. */
export const xaes: CycloneDxAsset = {
  type: 'cryptographic-asset',
  'bom-ref': 'algorithm:XAES-256-GCM',
  name: 'XAES-256-GCM',
  description: 'encrypts, with random nonces of 192 bits and a commitment to the key',
  cryptoProperties: {
    assetType: 'algorithm',
    algorithmProperties: {
      primitive: 'ae',
      parameterSetIdentifier: '256',
      mode: 'gcm',
      cryptoFunctions: ['encrypt', 'decrypt', 'tag'],
      classicalSecurityLevel: 256,
      nistQuantumSecurityLevel: 5,
    },
  },
};

/** What derives the keys of columns. */
export const hkdf: CycloneDxAsset = {
  type: 'cryptographic-asset',
  'bom-ref': 'algorithm:HKDF-SHA-256',
  name: 'HKDF-SHA-256',
  description: 'derives the keys of columns from data keys',
  cryptoProperties: {
    assetType: 'algorithm',
    algorithmProperties: {
      primitive: 'kdf',
      parameterSetIdentifier: '256',
      cryptoFunctions: ['keyderive'],
      classicalSecurityLevel: 256,
    },
  },
};

/** What makes blind indexes. */
export const hmac: CycloneDxAsset = {
  type: 'cryptographic-asset',
  'bom-ref': 'algorithm:HMAC-SHA-256',
  name: 'HMAC-SHA-256',
  description: 'makes blind indexes',
  cryptoProperties: {
    assetType: 'algorithm',
    algorithmProperties: {
      primitive: 'mac',
      parameterSetIdentifier: '256',
      cryptoFunctions: ['tag'],
      classicalSecurityLevel: 256,
    },
  },
};

/** What a key provider wraps data keys with, by the name that it gives. */
export function wrappingAlgorithm(name: string): CycloneDxAsset {
  if (name === xaes.name) return xaes;
  const isGcm = /gcm/i.test(name);
  return {
    type: 'cryptographic-asset',
    'bom-ref': `algorithm:${name}`,
    name,
    description: 'wraps data keys',
    cryptoProperties: {
      assetType: 'algorithm',
      algorithmProperties: {
        primitive: isGcm ? 'ae' : 'unknown',
        ...(isGcm && { mode: 'gcm' }),
        cryptoFunctions: ['encrypt', 'decrypt'],
      },
    },
  };
}

/** An algorithm for passwords, with its parameters. */
export function passwordAsset({ algorithm, parameters }: InventoriedPasswordHash): CycloneDxAsset {
  return {
    type: 'cryptographic-asset',
    'bom-ref': `algorithm:${algorithm}:${parameters}`,
    name: algorithm,
    description: 'hashes passwords',
    cryptoProperties: {
      assetType: 'algorithm',
      algorithmProperties: {
        primitive: 'kdf',
        parameterSetIdentifier: parameters,
        cryptoFunctions: ['digest'],
      },
    },
  };
}

/** A connection, with what was negotiated. */
export function connectionAsset({ name, protocol, cipherSuite }: InventoriedConnection): CycloneDxAsset {
  return {
    type: 'cryptographic-asset',
    'bom-ref': `protocol:${name}`,
    name: protocol ?? 'no encryption',
    description: name,
    cryptoProperties: {
      assetType: 'protocol',
      protocolProperties: {
        type: protocol === undefined ? 'other' : 'tls',
        ...(protocol !== undefined && { version: protocol.replace(/^TLSv/, '') }),
        ...(cipherSuite !== undefined && { cipherSuites: [{ name: cipherSuite }] }),
      },
    },
  };
}
