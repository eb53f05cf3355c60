import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import { CryptoError } from '../errors';
import { fitsName, maxNameBytes } from '../place/fits-name';
import type {
  BytesFieldOptions,
  FieldStatus,
  JsonFieldOptions,
  SearchOptions,
  TextFieldOptions,
} from '../types';
import { lastInstantOf } from './last-instant-of';
import { normalizeText } from './normalize-text';
import { type ValueType, valueTypes } from './value-type';

export type AnyFieldOptions = TextFieldOptions | JsonFieldOptions | BytesFieldOptions;

/** A declared field, checked. */
export interface FieldPlan extends FieldStatus {
  /** `contacts.email`, in errors and as a key. */
  readonly name: string;
  readonly values: ValueType;
  readonly normalize: (text: string) => string;
}

const defaultIndexBits = 128;

const name = expects(
  `a name of 1 to 128 characters and ${maxNameBytes} bytes of UTF-8 without "."`,
  (value) => fitsName(value) && /^[^.\p{C}]{1,128}$/u.test(value),
);
const bits = expects(
  'a multiple of 8 from 16 to 256',
  (value) =>
    Number.isInteger(value) && Number(value) % 8 === 0 && Number(value) >= 16 && Number(value) <= 256,
);
const instant = expects(
  'a day or a time of ISO 8601 that exists, such as "2027-03-31" or "2027-03-31T18:00:00Z"',
  (value) => lastInstantOf(value) !== undefined,
);

/**
 * Checks a field's options.
 *
 * @throws TypeError that names the option and what it got
 */
export function planField(table: string, column: string, options: AnyFieldOptions = {}): FieldPlan {
  for (const [what, given] of Object.entries({ table, column })) {
    const demand = name(given);
    if (demand) throw new TypeError(`vault.field: ${what} must be ${demand}, got ${describeValue(given)}`);
  }
  const owner = `vault.field("${table}", "${column}")`;
  checkOptions(owner, options, {
    type: expects('"text", "json" or "bytes"', (value) => Object.hasOwn(valueTypes, value as string)),
    search: expects(
      '"equality" or an object',
      (value) => value === 'equality' || !optionChecks.object(value),
    ),
    plaintext: optionChecks.object,
  });
  const { type = 'text', search, plaintext } = options;
  if (plaintext) checkOptions(`${owner}: plaintext`, plaintext, { until: instant }, ['until']);
  return {
    table,
    column,
    name: `${table}.${column}`,
    type,
    values: valueTypes[type],
    ...planSearch(owner, type, search),
    plaintextUntilMs: plaintext && lastInstantOf(plaintext.until),
  };
}

function planSearch(
  owner: string,
  type: FieldPlan['type'],
  search: AnyFieldOptions['search'],
): Pick<FieldPlan, 'indexBits' | 'normalize'> {
  const options: SearchOptions = typeof search === 'object' ? search : {};
  checkOptions(`${owner}: search`, options, { bits, normalizer: optionChecks.function });
  if (search && type === 'json') {
    throw new TypeError(
      `${owner}: option "search" is for text and bytes: equal values of JSON have many spellings`,
    );
  }
  if (options.normalizer && type === 'bytes') {
    throw new TypeError(`${owner}: search: option "normalizer" is for text`);
  }
  return {
    indexBits: search && (options.bits ?? defaultIndexBits),
    // One text may be written in several ways that look the same.
    normalize: options.normalizer ? guarded(options.normalizer) : normalizeText,
  };
}

/** What a normalizer throws may hold the text. */
function guarded(normalizer: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return normalizer(text);
    } catch {
      throw new CryptoError('UNITE_CRYPTO_VALUE_INVALID', 'the option "normalizer" throws for the value');
    }
  };
}
