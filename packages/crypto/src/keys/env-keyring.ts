import { checkOptions, describeValue, optionChecks } from '@unite/shared';
import { CryptoError } from '../errors';
import { Sealer } from '../xaes/sealer';
import type { KeyProvider } from './key-types';
import { ringKeyring } from './ring-keyring';
import { decodeKey, isRootKeyName, type RootRing, rootKeyFault, rootKeyNames } from './root-ring';

/** Options of `envKeyring`. */
export interface EnvKeyringOptions {
  /** Name of the variable. @default 'UNITE_KEYS' */
  readonly variable?: string | undefined;
}

/**
 * Root keys in a variable of the environment, as hosts hand secrets to a process: `2026-11:base64,2026-05:base64`, each
 * of 32 bytes. The first one wraps, the others unwrap what they wrapped. It has no store of its own.
 *
 * The variable is read when the first key is needed, so that a build without secrets can make a vault. A rotation needs
 * new processes.
 *
 * @param env such as `process.env`
 * @throws TypeError
 * @example
 * const vault = createVault({ keys: envKeyring(process.env), store: postgresKeyStore(pool) });
 */
export function envKeyring(
  env: Readonly<Record<string, string | undefined>>,
  options: EnvKeyringOptions = {},
): KeyProvider {
  if (typeof env !== 'object' || env === null)
    throw new TypeError(
      `envKeyring: env must be an object such as process.env, got ${typeof env === 'string' ? 'text' : describeValue(env)}`,
    );
  checkOptions('envKeyring', options, { variable: optionChecks.string });
  const { variable = 'UNITE_KEYS' } = options;
  let ring: RootRing | undefined;
  return ringKeyring({
    name: 'env',
    title: `The keyring ${variable}`,
    ring() {
      ring ??= parseRing(variable, env[variable]);
      return ring;
    },
  });
}

/** @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID`, which names the entry by its place */
function parseRing(variable: string, text: string | undefined): RootRing {
  const keys = parseKeys(variable, text);
  const ring = [...keys].map(([id, key]) => {
    const sealer = new Sealer(key);
    key.fill(0);
    return [id, { state: 'active' as const, sealer }] as const;
  });
  const [primary] = keys.keys();
  return { primary: primary as string, keys: new Map(ring) };
}

function parseKeys(variable: string, text: string | undefined): Map<string, Buffer> {
  const invalid = (what: string) => new CryptoError('UNITE_CRYPTO_KEYRING_INVALID', `${variable} ${what}`);
  if (text === undefined || text.trim() === '')
    throw invalid('is not set: it must be "name:key,…" with keys of 32 bytes in base64');
  const keys = new Map<string, Buffer>();
  for (const [index, entry] of text.split(',').entries()) {
    const [id, ...rest] = entry.trim().split(':');
    const place = `has an entry ${index + 1} that`;
    if (!isRootKeyName(id)) throw invalid(`${place} begins with no name of ${rootKeyNames}`);
    const key = decodeKey(rest.join(':'));
    if (!key) throw invalid(`${place} is not a name, ":" and 32 bytes in base64`);
    if (keys.has(id)) throw invalid(`${place} has the name of one before it`);
    const wrong = rootKeyFault(key, keys.values());
    if (wrong) throw invalid(`${place} ${wrong}`);
    keys.set(id, key);
  }
  return keys;
}
