import type { KeyCall, KeyProvider } from '../keys/key-types';
import type { Vault } from '../types';
import type { CycloneDxAsset, CycloneDxDocument } from './cyclonedx-types';

/** Options of `cryptoInventory`. */
export interface CryptoInventoryOptions {
  /** Whose fields, algorithms and data keys are listed. */
  readonly vaults: readonly Pick<Vault, 'status'>[];
  /** The key providers of the vaults: their root keys are listed by name and state. @default none */
  readonly keys?: readonly Pick<KeyProvider, 'name' | 'algorithm' | 'rootKeys'>[] | undefined;
  /** Connections, as a posture check saw them. @default none */
  readonly tls?: readonly InventoriedConnection[] | undefined;
  /** How passwords are hashed. @default none */
  readonly passwords?: readonly InventoriedPasswordHash[] | undefined;
  /** Whatever else there is, in the document's own form. @default none */
  readonly extra?: readonly CycloneDxAsset[] | undefined;
  /** Name of the application. @default none */
  readonly application?: string | undefined;
  /** Stands in the document. @default none, so that the same set-up gives the same document */
  readonly timestamp?: Date | undefined;
  /** Ends the questions to the key providers. @default never */
  readonly signal?: KeyCall['signal'] | undefined;
}

/** A connection, and what was negotiated for it. */
export interface InventoriedConnection {
  /** From where to where: `application to PostgreSQL`. */
  readonly name: string;
  /** As OpenSSL writes it: `TLSv1.3`. `undefined` for one without encryption. */
  readonly protocol: string | undefined;
  /** `TLS_AES_256_GCM_SHA384` */
  readonly cipherSuite?: string | undefined;
}

/** An algorithm for passwords. */
export interface InventoriedPasswordHash {
  /** `argon2id`, `scrypt` */
  readonly algorithm: string;
  /** As a stored hash says them: `m=19456,t=2,p=1`. */
  readonly parameters: string;
}

/** What there is of cryptography. */
export interface CryptoInventory {
  /** A CycloneDX 1.6 document (CBOM). */
  readonly document: CycloneDxDocument;
  /** The same in short, as a table in Markdown. */
  readonly table: string;
}
