import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { keyPlace } from '../key-place';
import type { KeyBinding, KeyProvider, RootKey, WrappedKey } from '../key-types';
import { keyBytes } from '../root-ring';
import { askHosted, hostedError, malformedAnswer } from './ask-hosted';
import { askVault, type FetchLike, vaultDecryptFailure, vaultFailure } from './vault-http';

/** Options of `vaultTransitKeyring`. */
export interface VaultTransitKeyringOptions {
  /** `https://vault.internal:8200`; `http:` for this machine alone, such as an agent beside the process. */
  readonly address: string;
  /** The token, or what gives the present one. */
  readonly token: string | ((signal: AbortSignal) => string | Promise<string>);
  /** Name of the root key, of a type that encrypts: `aes256-gcm96`, the usual one. */
  readonly key: string;
  /** Where the engine is mounted. @default 'transit' */
  readonly mount?: string | undefined;
  /** @default none */
  readonly namespace?: string | undefined;
  /** @default the global `fetch` */
  readonly fetch?: FetchLike | undefined;
}

const owner = 'vaultTransitKeyring';
const title = 'Vault';
const segment = '[A-Za-z0-9_-][A-Za-z0-9._-]*';
const rootName = new RegExp(`^${segment}$`);
const mountPath = new RegExp(`^${segment}(?:/${segment})*$`);
const ciphertext = /^vault:v(\d+):([A-Za-z0-9+/]+={0,2})$/;
const version = /^\d+$/;

/**
 * A root key in the transit engine of HashiCorp Vault or OpenBao, which never leaves it. Data keys are made here and
 * encrypted there. The token's policy needs `update` on `transit/encrypt/<key>` and `transit/decrypt/<key>`, and `read`
 * on `transit/keys/<key>` for `unite keys status`. It has no store of its own.
 *
 * Tenant and data key are associated data. Releases before 1.13 ignore that without a word, so that a digest of both is
 * encrypted with the key, and compared.
 *
 * To rotate, `vault write -f transit/keys/<key>/rotate`, and rewrap.
 *
 * @throws TypeError
 * @example
 * const keys = vaultTransitKeyring({ address: 'https://vault.internal:8200', token: () => agent.token(), key: 'crm' });
 */
export function vaultTransitKeyring(options: VaultTransitKeyringOptions): KeyProvider {
  checkOptions(owner, options, checks, ['key']);
  // What is given may hold a secret, and is not shown.
  if (!isAddress(options.address))
    throw new TypeError(`${owner}: option "address" must be a URL of https:, or of http: on this machine`);
  if (!options.token || !['string', 'function'].includes(typeof options.token))
    throw new TypeError(`${owner}: option "token" must be text, or a function that gives it`);
  const { token, key: root, mount = 'transit', namespace, fetch = globalThis.fetch } = options;
  const versions = `${mount}/${root}:v`;
  const http = { address: options.address.replace(/\/+$/, ''), token, namespace, fetch };

  async function wrap(key: Uint8Array, binding: KeyBinding, signal: AbortSignal): Promise<WrappedKey> {
    const place = keyPlace(binding);
    const plaintext = Buffer.concat([key, digestOf(place)]);
    const body = {
      plaintext: plaintext.toString('base64'),
      associated_data: place.toString('base64'),
    };
    plaintext.fill(0);
    const data = await askHosted({ title, signal, failureOf: vaultFailure }, () =>
      askVault(http, `${mount}/encrypt/${root}`, body, signal),
    );
    const [, number, bytes] = ciphertext.exec(String(data?.ciphertext)) ?? [];
    if (!number || !bytes) throw malformedAnswer(title);
    return { rootKeyId: `${versions}${number}`, bytes: Buffer.from(bytes, 'base64') };
  }

  async function unwrap({ rootKeyId, bytes }: WrappedKey, binding: KeyBinding, signal: AbortSignal) {
    const place = keyPlace(binding);
    const number = rootKeyId.startsWith(versions) ? rootKeyId.slice(versions.length) : '';
    if (!version.test(number)) throw hostedError(title, 'UNITE_CRYPTO_KEY_UNKNOWN');
    const body = {
      ciphertext: `vault:v${number}:${Buffer.from(bytes).toString('base64')}`,
      associated_data: place.toString('base64'),
    };
    const data = await askHosted({ title, signal, failureOf: vaultDecryptFailure }, () =>
      askVault(http, `${mount}/decrypt/${root}`, body, signal),
    );
    const digest = digestOf(place);
    const plaintext = Buffer.from(String(data?.plaintext), 'base64');
    if (plaintext.length !== keyBytes + digest.length) throw malformedAnswer(title);
    const key = plaintext.subarray(0, keyBytes);
    if (timingSafeEqual(plaintext.subarray(keyBytes), digest)) return key;
    key.fill(0);
    throw hostedError(title, 'UNITE_CRYPTO_UNWRAP_FAILED');
  }

  return {
    name: 'vault-transit',
    algorithm: 'Vault transit',
    async generate(binding, { signal }) {
      const key = randomBytes(keyBytes);
      return { key, wrapped: await wrap(key, binding, signal) };
    },
    async unwrap(wrapped, binding, { signal }) {
      return unwrap(wrapped, binding, signal);
    },
    async rewrap(wrapped, binding, { signal }) {
      const key = await unwrap(wrapped, binding, signal);
      try {
        const rewrapped = await wrap(key, binding, signal);
        // Which version is the latest, Vault says to those that may read keys, and to whoever encrypts.
        return rewrapped.rootKeyId === wrapped.rootKeyId ? wrapped : rewrapped;
      } finally {
        key.fill(0);
      }
    },
    async rootKeys({ signal }) {
      const data = await askHosted({ title, signal, failureOf: vaultFailure }, () =>
        askVault(http, `${mount}/keys/${root}`, undefined, signal),
      );
      if (typeof data?.keys !== 'object' || data.keys === null) throw malformedAnswer(title);
      return Object.entries(data.keys).map(([number, createdAt]): RootKey => {
        const oldest = Number(data.min_decryption_version ?? 0);
        const active = Number(number) === data.latest_version ? 'primary' : 'previous';
        return {
          id: `${versions}${number}`,
          state: Number(number) < oldest ? 'disabled' : active,
          // In seconds.
          createdAtMs: typeof createdAt === 'number' ? createdAt * 1_000 : undefined,
        };
      });
    },
  };
}

const checks = {
  // Both are checked apart.
  address: () => undefined,
  token: () => undefined,
  key: expects('a name of letters, digits, ".", "_" and "-"', (value) => matches(rootName, value)),
  mount: expects('a path of letters, digits, ".", "_" and "-"', (value) => matches(mountPath, value)),
  namespace: optionChecks.string,
  fetch: optionChecks.function,
};

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isAddress(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, search, hash } = new URL(value);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && !username && !search && !hash;
}

function digestOf(place: Uint8Array): Buffer {
  return createHash('sha256').update(place).digest();
}
