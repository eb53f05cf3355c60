import { inspect } from 'node:util';
import type { Secret } from './secrets-types';

/** Keeps a value where only `reveal` gets it. */
export class RevealableSecret implements Secret {
  readonly name: string;
  readonly version: number;
  readonly expiresAtMs: number | undefined;
  readonly #value: string;

  constructor(
    about: { readonly name: string; readonly version: number; readonly expiresAtMs: number | undefined },
    value: string,
  ) {
    this.name = about.name;
    this.version = about.version;
    this.expiresAtMs = about.expiresAtMs;
    this.#value = value;
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  /** `[secret stripe-key v3]` */
  toString(): string {
    return `[secret ${this.name} v${this.version}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
