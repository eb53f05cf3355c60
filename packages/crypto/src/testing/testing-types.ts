import type { KeyProvider, KeyStore } from '../keys/key-types';

/** One thing that a provider or a store has to do. */
export interface KeyCheck<Subject> {
  /** kebab-case. */
  readonly name: string;
  /** What has to hold, in one sentence. */
  readonly summary: string;
  /**
   * Does it, for tenants of its own, and closes what it opened.
   *
   * @throws Error that says what was expected and what came
   */
  run(open: OpenSubject<Subject>): Promise<void>;
}

/** Opens what is checked, for each check anew; all may lead to the same place. */
export type OpenSubject<Subject> = () => Subject | Promise<Subject>;

/** A provider to be checked. */
export interface CheckedKeyProvider {
  readonly provider: KeyProvider;
  /** Makes another root key the primary, as a rotation does. Without it, what concerns rotations is not checked. */
  readonly rotate?: (() => Promise<void>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

/** A store to be checked. */
export interface CheckedKeyStore {
  readonly store: KeyStore;
  /** Another instance that leads to the same keys, as in another process. @default the same one */
  readonly another?: KeyStore | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

/** Options of `runKeyChecks`. */
export interface RunKeyChecksOptions {
  /** Longest time for one check, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
}

/** How one check ended. */
export interface KeyCheckResult {
  readonly name: string;
  readonly summary: string;
  readonly holds: boolean;
  /** What was expected and what came; absent where it holds. */
  readonly seen?: string | undefined;
}
