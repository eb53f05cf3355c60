import { type DsnComponents, makeDsn } from '@sentry/core';
import { describeValue, expects } from '@unite/shared';

/** What `makeDsn` takes; it would print what it does not, with the secret key that old ones hold. */
const dsnPattern = /^https?:\/\/\w+(?::\w*)?@(?:\[[:.%\w]+\]|[\w.-]+)(?::\d{1,5})?\/(?:[^\s?#]+\/)?\d+$/;

export const shareCheck = expects(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
);
export const countCheck = expects(
  'a whole number above 0',
  (value) => Number.isSafeInteger(value) && Number(value) > 0,
);
export const urlCheck = expects('an http or https URL without credentials', isPlainUrl);

/** @throws TypeError that does not show the DSN */
export function parseDsn(owner: string, options: { readonly dsn: unknown }): DsnComponents {
  const dsn: unknown = Object(options).dsn;
  const parsed = typeof dsn === 'string' && dsnPattern.test(dsn) ? makeDsn(dsn) : undefined;
  if (parsed) return parsed;
  const got = typeof dsn === 'string' ? `a text of ${dsn.length} characters` : describeValue(dsn);
  throw new TypeError(
    `${owner}: option "dsn" must be https://<public key>@<host>/<project id>, as the project's settings show it, got ${got}`,
  );
}

function isPlainUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
