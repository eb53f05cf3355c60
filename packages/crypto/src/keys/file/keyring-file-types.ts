import type { RingKeyState } from '../root-ring';

/** What stands in a keyring file. */
export interface KeyringFile {
  readonly primary: string;
  readonly keys: ReadonlyMap<string, KeyringFileKey>;
}

/** One of its root keys. */
export interface KeyringFileKey {
  readonly state: RingKeyState;
  readonly createdAtMs: number;
  /** Absent where it was destroyed. */
  readonly key?: Buffer | undefined;
}
