import { warnOnce } from '../warn-once';
import { mask, maskSecrets } from './mask-secrets';
import { isSecretName } from './secret-names';

/** The shape is `Redact` of `@unite/core`. */
export type Redact = (key: string, text: string) => string | undefined;

/** Keys are written in the code of libraries; more than these are made up, and looked at each time. */
const maxKnownKeys = 2_000;

/** Texts of one key that were found clean: names, templates, statements. A key with more has another one each time. */
const maxCleanTexts = 500;
/** Of all keys together, and the longest of them, in UTF-16 units. */
const maxCleanTextsInAll = 5_000;
const maxCleanLength = 512;

interface KnownKey {
  readonly isSecret: boolean;
  /** None for a key whose texts seldom come again. */
  clean: Set<string> | undefined;
}

/**
 * The built-in redactor: the value of a key that says that it is a credential becomes `[redacted]`; of other texts the
 * secrets in them do. Costs 200 to 300 ns for 100 characters without any, a fifth of that for a short text that came with
 * the same key before, and never throws.
 *
 * @param warningCode of the `UniteWarning` that says, once, that `extra` threw
 * @param extra runs afterwards on what is left. When it throws, the text is removed
 * @example
 * const redact = createRedactor('UNITE_TRACING_REDACT_FAILED', (key, text) => (key === 'crm.note' ? undefined : text));
 * redact('url.full', 'https://a:b@example.com/?token=c'); // 'https://[redacted]@example.com/?token=[redacted]'
 */
export function createRedactor(warningCode: string, extra?: Redact): Redact {
  const keys = new Map<string, KnownKey>();
  let cleanTexts = 0;
  return extra ? (key, text) => runExtra(extra, warningCode, key, builtIn(key, text)) : builtIn;

  function builtIn(key: string, text: string): string {
    const known = keys.get(key) ?? admit(key);
    if (known.isSecret) return mask;
    if (known.clean?.has(text)) return text;
    const masked = maskSecrets(text);
    if (masked === text && text.length <= maxCleanLength) remember(known, text);
    return masked;
  }

  function admit(key: string): KnownKey {
    const isKept = keys.size < maxKnownKeys;
    const known = { isSecret: isSecretName(key), clean: isKept ? new Set<string>() : undefined };
    if (isKept) keys.set(key, known);
    return known;
  }

  function remember(known: KnownKey, text: string): void {
    const { clean } = known;
    if (!clean) return;
    if (clean.size < maxCleanTexts && cleanTexts < maxCleanTextsInAll) {
      cleanTexts += 1;
      clean.add(copyOf(text));
      return;
    }
    cleanTexts -= clean.size;
    known.clean = undefined;
  }
}

/** A part of a text keeps the whole in memory, which may be of any length. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

function runExtra(extra: Redact, warningCode: string, key: string, text: string): string | undefined {
  try {
    const left: unknown = extra(key, text);
    if (left === undefined || typeof left === 'string') return left;
    warnOnce(warningCode, `The option "redact" must return a string or undefined: ${key} is removed`);
  } catch {
    // Its message may hold the very text.
    warnOnce(warningCode, `The option "redact" threw: ${key} is removed`);
  }
  return undefined;
}
