import { describeValue, warnOnce } from '@unite/shared';
import type { CaptureOptions, ErrorKind } from './capture-types';

/** What was said of an error, as far as it can be read. */
export interface ReadOptions {
  readonly kind: ErrorKind;
  readonly level: 'fatal' | 'error' | 'warning';
  readonly isHandled: boolean;
  readonly route: string | undefined;
  readonly fingerprint: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;
}

const kinds: Readonly<Record<ErrorKind, true>> = {
  request: true,
  captured: true,
  'uncaught-exception': true,
  'unhandled-rejection': true,
  worker: true,
  'child-process': true,
  shutdown: true,
  browser: true,
  'lost-run': true,
};
/** More than any event keeps. */
const maxEntries = 50;
const levels = { fatal: true, error: true, warning: true } as const;

/** Each option by itself, so that one that cannot be read costs nothing but itself. Never throws. */
export function readCaptureOptions(given: unknown): ReadOptions {
  const kind = oneOf(kinds, 'kind', optionOf(given, 'kind'), 'captured');
  const isHandled = optionOf(given, 'isHandled');
  return {
    kind,
    level: oneOf(levels, 'level', optionOf(given, 'level'), 'error'),
    isHandled: typeof isHandled === 'boolean' ? isHandled : kind === 'captured',
    route: attempt(() => textOf(optionOf(given, 'route'))),
    fingerprint: attempt(() => fingerprintOf(optionOf(given, 'fingerprint'))),
    tags: attempt(() => tagsOf(optionOf(given, 'tags'))) ?? {},
    extra: attempt(() => extraOf(optionOf(given, 'extra'))) ?? {},
  };
}

function optionOf(given: unknown, key: keyof CaptureOptions): unknown {
  return attempt(() => (given as CaptureOptions | null | undefined)?.[key]);
}

function oneOf<Key extends string>(
  known: Readonly<Record<Key, true>>,
  option: string,
  value: unknown,
  fallback: Key,
): Key {
  if (typeof value === 'string' && Object.hasOwn(known, value)) return value as Key;
  if (value !== undefined) {
    warnOnce(
      'UNITE_APM_CAPTURE_OPTIONS',
      `The option "${option}" of an error was ${describeValue(value)}: it is taken for ${fallback}`,
    );
  }
  return fallback;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function fingerprintOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.slice(0, maxEntries).map(String) : undefined;
}

function tagsOf(value: unknown): Readonly<Record<string, string>> {
  const tags = keysOf(value).map((key) => [key, attempt(() => tagOf(value, key))]);
  return Object.fromEntries(tags.filter(([, text]) => text !== undefined));
}

function keysOf(value: unknown): readonly string[] {
  return Object.keys(Object(value)).slice(0, maxEntries);
}

function tagOf(tags: unknown, key: string): string | undefined {
  return textOf((tags as Readonly<Record<string, unknown>>)[key]);
}

/** With what cannot be read in it named. */
function extraOf(value: unknown): Readonly<Record<string, unknown>> {
  const extra = value as Readonly<Record<string, unknown>>;
  const entries = keysOf(value).map((key) => [key, attempt(() => extra[key], '[unreadable]')]);
  return Object.fromEntries(entries);
}

/** What cannot be read is left out, so that the error is not lost with it. */
function attempt<Result>(read: () => Result, otherwise?: Result): Result | undefined {
  try {
    return read();
  } catch {
    warnOnce('UNITE_APM_CAPTURE_OPTIONS', 'What was said of an error could not be read, and is left out');
    return otherwise;
  }
}
