import { warnOnce } from '@unite/shared';
import type { Redact } from '../types';
import { mask, maskSecrets } from './mask-secrets';
import { isSecretName } from './secret-names';

/** Keys are written in the code of libraries; more than these are made up, and looked at each time. */
const maxKnownKeys = 2_000;

/**
 * The built-in redactor: the value of a key that says that it is a credential becomes `[redacted]`; of other texts the
 * secrets in them do. Costs 200 to 300 ns for 100 characters without any, and never throws.
 *
 * @param extra runs afterwards on what is left. When it throws, the attribute is removed, and a `UniteWarning` with
 *   the code `UNITE_TRACING_REDACT_FAILED` says so once
 * @example
 * const redact = createRedactor((key, text) => (key === 'crm.note' ? undefined : text));
 * redact('url.full', 'https://a:b@example.com/?token=c'); // 'https://[redacted]@example.com/?token=[redacted]'
 */
export function createRedactor(extra?: Redact): Redact {
  const secretKeys = new Map<string, boolean>();
  const builtIn = (key: string, text: string): string => (isSecret(key) ? mask : maskSecrets(text));
  return extra ? (key, text) => runExtra(extra, key, builtIn(key, text)) : builtIn;

  function isSecret(key: string): boolean {
    const known = secretKeys.get(key);
    if (known !== undefined) return known;
    const found = isSecretName(key);
    if (secretKeys.size < maxKnownKeys) secretKeys.set(key, found);
    return found;
  }
}

function runExtra(extra: Redact, key: string, text: string): string | undefined {
  try {
    const left: unknown = extra(key, text);
    if (left === undefined || typeof left === 'string') return left;
    warnOnce(
      'UNITE_TRACING_REDACT_FAILED',
      `The option "redact" must return a string or undefined: ${key} is removed`,
    );
  } catch {
    // Its message may hold the very text.
    warnOnce('UNITE_TRACING_REDACT_FAILED', `The option "redact" threw: ${key} is removed from the span`);
  }
  return undefined;
}
