import { maskDatabaseValues } from './mask-database-values';
import { maskParameters } from './mask-parameters';
import { maskSpoken } from './mask-spoken';
import { secretPart } from './secret-names';

/** What stands where a secret was. */
export const mask = '[redacted]';

// Without one of these there is no secret of a kind that is known here. Nearly every text has none, so these two looks
// are what a text costs; one expression for both costs twice as much.
const mark = /[@=]|:\/?[^/]|--\w|\d[\d -]{12}|<\/|%(?:25){0,2}3[Dd]/;
const beginning =
  /sk[-_]|rk_|gh[opsur]_|github_|xox[a-z]-|glpat-|AKIA|ASIA|AIza|eyJ|BEGIN |npm_|hf_|(?:[Bb]earer|BEARER|[Bb]asic|BASIC) /;

/** What databases and sentences say right before a value that has none of these marks. */
function isSpoken(text: string): boolean {
  return (
    ((text.includes("'") || text.includes('"')) && spokenQuote.test(text)) ||
    (text.includes('(') && spokenBracket.test(text)) ||
    (text.includes('-p') && /mysql|mariadb/.test(text))
  );
}

const spokenQuote = /Duplicate entry '|[Pp](?:ass[wcp]|ASS[WCP])\w{1,8}\s/;
const spokenBracket = /alue(?:s\s{0,4}| is )\(|VALUES\s{0,4}\(|row contains \(/;

/**
 * A text with the secrets in it masked: credentials in addresses and query strings, pairs such as `password=…` and
 * `"apiKey": "…"`, bearer tokens, JSON web tokens, keys of well-known providers, private keys, card numbers.
 *
 * Takes time in proportion to the text, whatever it holds: no expression looks at a part of it more than a bounded
 * number of times. Masking a text twice changes nothing more.
 */
export function maskSecrets(text: string): string {
  if (!mark.test(text) && !beginning.test(text) && !isSpoken(text)) return text;
  return maskParameters(
    maskSpoken(maskDatabaseValues(text.replace(privateKey, mask)), mask)
      .replace(databaseAddress, `://${mask}@`)
      .replace(userInfo, `//${mask}@`),
    mask,
  )
    .replace(cookies, `$1${mask}`)
    .replace(pair, `$1$2${mask}`)
    .replace(tokenPair, `$1$2${mask}`)
    .replace(option, `$1$2${mask}`)
    .replace(userOption, `$1${mask}`)
    .replace(bearer, `$1${mask}`)
    .replace(basic, maskBasic)
    .replace(webToken, mask)
    .replace(providerKey, mask)
    .replace(cardNumber, maskCard);
}

/** One that was cut off has no end. @see RFC 7468 §10 */
const privateKey =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;

/** Without a scheme it takes a colon: `//` begins comments too. @see RFC 3986 §3.2.1 */
const userInfo = /\/\/(?:(?<=:\/\/)[^\s/?#"'<>]*|[^\s/?#"'<>:@]*:[^\s/?#"'<>]*)@/g;

/** Of databases, whose passwords are often written without escapes: up to the last `@`. */
const databaseAddress =
  /(?<=\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver)):\/\/[^\s/:@"'<>]{0,100}:[^\s"'<>]{0,400}@/gi;

/** Every cookie of the line. */
const cookies = /(cookie["']?\s{0,4}[:=]\s{0,4}["']?)(?!\[redacted\])[^\s"'][^\r\n"']*/gi;

/** What a pair does not hide: a placeholder of a statement, or what is masked already. */
const noSecret = /(?:\$\d+|\?|[:@]\w+|%s)(?![^\s"',;&)}\\])|(?:\w{1,10}\s{1,4})?\[redacted\]/.source;

/** What a quote holds, to its end; the scheme stays hidden with the rest elsewhere. */
const quoted = /(?<=[^\\]")(?:[^"\\\r\n]|\\.)+|(?<=[^\\]')(?:[^'\\\r\n]|\\.)+/.source;

const pairOf = (names: string, value: string): RegExp =>
  new RegExp(`(${names})(\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?)(?!${noSecret})(?:${value})`, 'gi');

const plain = `(?:(?:bearer|basic|digest|token)\\s{1,4})?[^\\s"',;&)}\\\\]+`;

const pair = pairOf(
  '(?:passw|secret(?!ar)|credential|(?:api|access|private|signing)[-_.]?key|(?:access|refresh|id|auth|api|csrf|xsrf|session|security)[-_.]?token(?!s|iz|[-._]?(?:type|count)))[\\w-]{0,20}|passphrase|authorization|session[-_]?id',
  `${quoted}|${plain}`,
);

/** Parsers tell of an "unexpected token: x", so after a colon it must be longer than a word of a language. */
const tokenPair = pairOf(
  'token',
  `(?<=:\\s{0,4}\\\\?["']?)[^\\s"',;&)}\\\\]{8,}|(?<==\\\\?["']?)(?!=)[^\\s"',;&)}\\\\]+`,
);

/** Of a command. What a sentence says of an option is no value. */
const option = new RegExp(
  `(?<![\\w-])(--?(?=[a-z])[\\w-]{0,40}?(?:${secretPart.source})[\\w-]{0,24})(\\s{1,4}["']?|["'],\\s{0,4}["'])(?!-|\\[redacted\\]|(?:is|was|are|or|and|must|may|can|cannot|should|has|not|needs?|requires?|option|flag|given|in|for|to|from|with|without|of)\\b)(?:(?<=")[^"\\r\\n]+|(?<=')[^'\\r\\n]+|[^\\s"',]+)`,
  'gi',
);

/** Of curl. Numbers are those of users and groups. */
const userOption =
  /(?<![\w-])((?:-u|--user)(?:\s{1,4}|=)["']?[^\s:"'/]{1,80}:)(?!\[redacted\]|\d+(?!\S))[^\s"']+/g;

/** @see RFC 6750 §2.1 */
const bearer = /\b(bearer\s{1,4})(?:[\w.~+/-]{8,}|(?=[a-z._~+/-]{0,7}\d)[\w.~+/-]{4,7})=*/gi;

/** Begins with a printable character of ASCII. @see RFC 7617 §2 */
const basic = /\b((?:[Bb]asic|BASIC)\s{1,4})([I-Za-f][A-Za-z0-9+/]{3,}={0,2})/g;

/** Any word is Base64, but only credentials read as a name, a colon and a password. */
function maskBasic(all: string, scheme: string, credentials: string): string {
  const decoded = Buffer.from(credentials.slice(0, 400), 'base64').toString('latin1');
  return /^[\x20-\x7e\xa0-\xff]*:[\x20-\x7e\xa0-\xff]*$/.test(decoded) ? scheme + mask : all;
}

/** The header of a token is a JSON object, so it begins with `{"` in Base64. @see RFC 7519 §3.1 */
const webToken = /(?<![\w.-])eyJ[\w-]{12,}(?:\.[\w-]*)*/g;

const providerKey =
  /(?<![\w-])(?:(?:sk-|[rs]k_(?:live|test)_|gh[opsur]_|github_pat_|xox[a-z]-|glpat-|AIza)[\w-]{16,}|(?:npm|hf)_[A-Za-z0-9]{20,}|A[KS]IA[A-Z0-9]{16}(?!\w))/g;

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
