import { secretPart } from './secret-names';

/** What stands where a secret was. */
export const mask = '[redacted]';

// Without one of these there is no secret of a kind that is known here. Nearly every text has none, so these two looks
// are what a text costs; one expression for both costs twice as much.
const mark = /[@=]|:\/?[^/]|\d[\d -]{12}/;
const beginning = /sk[-_]|rk_|gh[opsur]_|github_|xox[a-z]-|glpat-|AKIA|ASIA|AIza|eyJ|BEGIN |[Bb]earer /;

/**
 * A text with the secrets in it masked: credentials in addresses and query strings, pairs such as `password=…` and
 * `"apiKey": "…"`, bearer tokens, JSON web tokens, keys of well-known providers, private keys, card numbers.
 *
 * Takes time in proportion to the text, whatever it holds: no expression looks at a part of it more than a bounded
 * number of times. Masking a text twice changes nothing more.
 */
export function maskSecrets(text: string): string {
  if (!mark.test(text) && !beginning.test(text)) return text;
  return text
    .replace(privateKey, mask)
    .replace(userInfo, `://${mask}@`)
    .replace(parameter, `$1$2${mask}`)
    .replace(cookies, `$1${mask}`)
    .replace(pair, `$1$2${mask}`)
    .replace(tokenPair, `$1$2${mask}`)
    .replace(bearer, `$1${mask}`)
    .replace(webToken, mask)
    .replace(providerKey, mask)
    .replace(cardNumber, maskCard);
}

/** One that was cut off has no end. @see RFC 7468 §10 */
const privateKey =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

/** @see RFC 3986 §3.2.1 */
const userInfo = /:\/\/[^\s/?#"'<>]*@/g;

/** Of OAuth, of signed addresses, of many an API; and whatever has a part that says so. */
const parameter = new RegExp(
  `(^|[?&;#])((?:code|key|sig|auth|pass|pwd|sid|jwt|session|[\\w.%~-]{0,40}?(?:${secretPart.source})[\\w.%~-]{0,24})=)(?!\\[redacted\\])[^\\s&;#"'<>]+`,
  'gi',
);

/** Every cookie of the line. */
const cookies = /(cookie["']?\s{0,4}[:=]\s{0,4}["']?)(?!\[redacted\])[^\s"'][^\r\n"']*/gi;

/** What a pair does not hide: a placeholder of a statement, or what is masked already. */
const noSecret = /(?:\$\d+|\?|[:@]\w+|%s)(?![^\s"',;&)}\\])|(?:\w{1,10}\s{1,4})?\[redacted\]/.source;

const pairOf = (names: string, value: string): RegExp =>
  new RegExp(
    `(${names})(\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?)(?!${noSecret})(?:(?:bearer|basic|digest|token)\\s{1,4})?${value}`,
    'gi',
  );

const pair = pairOf(
  '(?:passw|secret|credential|(?:api|access|private|signing)[-_.]?key)[\\w-]{0,20}|passphrase|authorization',
  `[^\\s"',;&)}\\\\]+`,
);

/** Parsers tell of an "unexpected token: x", so it must be longer than a word of a language. */
const tokenPair = pairOf('token', `[^\\s"',;&)}\\\\]{8,}`);

/** @see RFC 6750 §2.1 */
const bearer = /\b(bearer\s{1,4})[\w.~+/-]{8,}=*/gi;

/** The header of a token is a JSON object, so it begins with `{"` in Base64. @see RFC 7519 §3.1 */
const webToken = /(?<![\w.-])eyJ[\w-]{12,}(?:\.[\w-]*)*/g;

const providerKey =
  /(?<![\w-])(?:(?:sk-|[rs]k_(?:live|test)_|gh[opsur]_|github_pat_|xox[a-z]-|glpat-|AIza)[\w-]{16,}|A[KS]IA[A-Z0-9]{16}(?!\w))/g;

/** Thirteen to nineteen digits, in groups or not. Cards begin with 2 to 6, times in milliseconds with 1. */
const cardNumber = /(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?!\w)/g;

function maskCard(digits: string): string {
  return hasLuhnSum(digits) ? mask : digits;
}

/** @see ISO/IEC 7812-1, annex B */
function hasLuhnSum(text: string): boolean {
  let sum = 0;
  let isDoubled = false;
  let index = text.length;
  while (index-- > 0) {
    const digit = text.charCodeAt(index) - 48;
    // A separator.
    if (digit < 0) continue;
    const weighted = isDoubled ? 2 * digit : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}
