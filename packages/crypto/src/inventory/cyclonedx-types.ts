// What is used of CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/, in its own names.

/** A cryptography bill of materials. */
export interface CycloneDxDocument {
  readonly $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json';
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly version: 1;
  readonly metadata: {
    readonly timestamp?: string;
    readonly component?: { readonly type: 'application'; readonly name: string; readonly 'bom-ref': string };
  };
  readonly components: readonly CycloneDxAsset[];
  readonly dependencies: readonly CycloneDxDependency[];
}

/** One cryptographic asset. */
export interface CycloneDxAsset {
  readonly type: 'cryptographic-asset';
  /** Unique in the document. */
  readonly 'bom-ref': string;
  readonly name: string;
  /** What it is used for. */
  readonly description?: string;
  readonly cryptoProperties: CycloneDxCryptoProperties;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** What kind of asset it is, and what is known of that kind. */
export interface CycloneDxCryptoProperties {
  readonly assetType: 'algorithm' | 'certificate' | 'protocol' | 'related-crypto-material';
  readonly algorithmProperties?: {
    readonly primitive:
      | 'ae'
      | 'kdf'
      | 'mac'
      | 'hash'
      | 'signature'
      | 'key-agree'
      | 'pke'
      | 'other'
      | 'unknown';
    readonly parameterSetIdentifier?: string;
    readonly mode?: 'gcm' | 'cbc' | 'ctr' | 'other' | 'unknown';
    readonly cryptoFunctions?: readonly (
      | 'encrypt'
      | 'decrypt'
      | 'digest'
      | 'tag'
      | 'keyderive'
      | 'sign'
      | 'verify'
      | 'other'
      | 'unknown'
    )[];
    /** In bits. */
    readonly classicalSecurityLevel?: number;
    /** NIST's categories: 5 is as hard as finding a key of AES-256. */
    readonly nistQuantumSecurityLevel?: number;
  };
  readonly relatedCryptoMaterialProperties?: {
    readonly type: 'secret-key';
    readonly id?: string;
    readonly state?: 'active' | 'suspended' | 'deactivated' | 'destroyed';
    readonly algorithmRef?: string;
    readonly creationDate?: string;
    /** In bits. */
    readonly size?: number;
    readonly securedBy?: { readonly mechanism: string; readonly algorithmRef: string };
  };
  readonly protocolProperties?: {
    readonly type: 'tls' | 'other';
    readonly version?: string;
    readonly cipherSuites?: readonly { readonly name: string }[];
  };
}

/** What an asset is used with. */
export interface CycloneDxDependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}
