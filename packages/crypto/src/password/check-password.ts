import { createHash } from 'node:crypto';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { preparePassword } from './prepare-password';

/** Options of `checkPassword`. */
export interface PasswordPolicy {
  /**
   * In characters. NIST SP 800-63B-4 §3.1.1.2 asks for 15, and for 8 where there is a second factor.
   *
   * @default 15
   */
  readonly minLength?: number | undefined;
  /** As with `createPasswords`. @default 1_024 */
  readonly maxBytes?: number | undefined;
  /** What this person would think of first: name, address, the service's name. Case, digits and signs do not count. */
  readonly words?: readonly string[] | undefined;
  /** Whether a list of common passwords has it. Anything but `false` means that it has. */
  readonly isBlocked?: ((password: string) => boolean | Promise<boolean>) | undefined;
  /**
   * The range of Have I Been Pwned for five hex digits, one `SUFFIX:COUNT` a line: the password leaves the process in
   * no form. `async (prefix, signal) => (await fetch('https://api.pwnedpasswords.com/range/' + prefix, { signal })).text()`
   */
  readonly breachedRange?: ((prefix: string, signal: AbortSignal) => Promise<string>) | undefined;
  /** Longest time for `isBlocked` and `breachedRange`, in milliseconds; at most 60_000. @default 2_000 */
  readonly timeoutMs?: number | undefined;
}

/** What is wrong with a password. */
export type PasswordFlaw = 'unusable' | 'too-short' | 'guessable' | 'blocked' | 'breached';

/** What was found. */
export interface PasswordCheck {
  readonly ok: boolean;
  readonly flaws: readonly PasswordFlaw[];
  /**
   * Whether all lists that were given have answered: `true` where none was. Where one has not, the password is taken: an
   * outage of theirs is none of yours.
   */
  readonly isComplete: boolean;
}

/**
 * Whether a new password may be taken: by its length and by lists, not by kinds of characters (NIST SP 800-63B-4
 * §3.1.1.2). `unusable` is what `hash` would refuse.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const { ok, flaws } = await checkPassword(password, { words: [user.email, 'crm'], breachedRange });
 */
export async function checkPassword(password: string, policy: PasswordPolicy = {}): Promise<PasswordCheck> {
  checkOptions('checkPassword', policy, checks);
  const {
    minLength = 15,
    maxBytes = 1_024,
    words = [],
    isBlocked,
    breachedRange,
    timeoutMs = 2_000,
  } = policy;
  const text = usable(password, maxBytes);
  if (text === undefined) return { ok: false, flaws: ['unusable'], isComplete: true };

  const ending = new AbortController();
  const { signal } = ending;
  // Keeps the process alive, as somebody waits for the answer: AbortSignal.timeout would not.
  const timer = setTimeout(() => ending.abort(), Math.ceil(timeoutMs));
  const [blocked, breached] = await Promise.all([
    answered(async () => isBlocked !== undefined && (await isBlocked(text)) !== false, signal),
    answered(async () => breachedRange !== undefined && isBreached(text, breachedRange, signal), signal),
  ]);
  clearTimeout(timer);
  const found: Record<Exclude<PasswordFlaw, 'unusable'>, boolean> = {
    // A character is a code point.
    'too-short': [...text].length < minLength,
    guessable: words.some((word) => lettersOf(word) !== '' && lettersOf(word) === lettersOf(text)),
    blocked: blocked === true,
    breached: breached === true,
  };
  const flaws = (Object.keys(found) as (keyof typeof found)[]).filter((flaw) => found[flaw]);
  return { ok: flaws.length === 0, flaws, isComplete: blocked !== 'failed' && breached !== 'failed' };
}

function usable(password: unknown, maxBytes: number): string | undefined {
  try {
    return preparePassword(password, maxBytes).toString();
  } catch {
    return undefined;
  }
}

/** In time, whether the list heeds its signal or not. */
async function answered<Value>(ask: () => Promise<Value>, signal: AbortSignal): Promise<Value | 'failed'> {
  const late = new Promise<'failed'>((resolve) => {
    signal.addEventListener('abort', () => resolve('failed'), { once: true });
  });
  return Promise.race([ask().catch(() => 'failed' as const), late]);
}

/** SHA-1 as the service has it: it keeps nothing secret here. Lines with a count of 0 are padding. */
async function isBreached(
  password: string,
  range: NonNullable<PasswordPolicy['breachedRange']>,
  signal: AbortSignal,
): Promise<boolean> {
  const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
  const lines = await range(digest.slice(0, 5), signal);
  return lines.split(/\r?\n/).some((line) => {
    const [suffix, count] = line.split(':');
    return suffix?.toUpperCase() === digest.slice(5) && Number(count) > 0;
  });
}

function lettersOf(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
}

const checks = {
  minLength: expects(
    'a whole number of at least 8',
    (value) => Number.isSafeInteger(value) && (value as number) >= 8,
  ),
  maxBytes: expects(
    'a whole number of at least 256',
    (value) => Number.isSafeInteger(value) && (value as number) >= 256,
  ),
  words: expects(
    'a list of texts',
    (value) => Array.isArray(value) && value.every((word) => typeof word === 'string'),
  ),
  isBlocked: optionChecks.function,
  breachedRange: optionChecks.function,
  timeoutMs: expects(
    'a positive number of at most 60_000',
    (value) => typeof value === 'number' && value > 0 && value <= 60_000,
  ),
};
