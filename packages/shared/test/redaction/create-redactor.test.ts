import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor as create, type Redact } from '../../src/redaction/create-redactor';
import { cpuMs } from '../../src/testing';

const createRedactor = (extra?: Redact) => create('UNITE_TRACING_REDACT_FAILED', extra);
const redact = createRedactor();
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';

test.each([
  'http.request.header.authorization',
  'http.request.header.cookie',
  'http.response.header.set-cookie',
  'http.request.header.x-api-key',
  'http.request.header.x_api_key',
  'ai.request.headers.x-goog-api-key',
  'crm.user.password',
  'DB_PASSWORD',
  'clientSecret',
  'accessToken',
  'x-amz-security-token',
  'session_token',
  'session_id',
  'csrf',
  'bearer',
  'otp',
  'user.pin',
  'userPin',
  'ssn',
  'card.number',
])('shows nothing of %s', (key) => {
  expect(redact(key, 'anything')).toBe('[redacted]');
  expect(redact(key, 'anything')).toBe('[redacted]');
});

test.each([
  'gen_ai.usage.input_tokens',
  'gen_ai.token.type',
  'token_type',
  'token_count',
  'tokenCount',
  'secretary',
  'session.id',
  'shipping.opinion',
  'ai.usage.totalTokens',
  'db.query.text',
  'http.route',
  'unite.cache.key',
  'code.function.name',
])('shows %s', (key) => {
  expect(redact(key, 'plain')).toBe('plain');
});

test.each([
  ['postgres://crm:s3cret@db:5432/crm', 'postgres://[redacted]@db:5432/crm'],
  ['redis://:p@ss:word@cache:6379', 'redis://[redacted]@cache:6379'],
  ['connect https://token@example.com/a@b failed', 'connect https://[redacted]@example.com/a@b failed'],
  ['https://h/cb?code=abc&state=1&id=7', 'https://h/cb?code=[redacted]&state=1&id=7'],
  ['https://h/?access_token=a.b-c#frag', 'https://h/?access_token=[redacted]#frag'],
  [
    'https://h/f?X-Amz-Signature=00ff&X-Amz-Expires=60',
    'https://h/f?X-Amz-Signature=[redacted]&X-Amz-Expires=60',
  ],
  ['https://h/f?sv=1&sig=ab%2Fc%3D', 'https://h/f?sv=1&sig=[redacted]'],
  ['api_key=1&page=2', 'api_key=[redacted]&page=2'],
  ['zipcode=1&status_code=2', 'zipcode=1&status_code=2'],
  [
    'GET /a HTTP/1.1\nAuthorization: Basic dXNlcjpwdw==\nHost: h',
    'GET /a HTTP/1.1\nAuthorization: [redacted]\nHost: h',
  ],
  ['Cookie: a=1; sid=2\nHost: h', 'Cookie: [redacted]\nHost: h'],
  ['{"password":"hunter2","name":"Ada"}', '{"password":"[redacted]","name":"Ada"}'],
  ['{\\"apiKey\\":\\"12\\"}', '{\\"apiKey\\":\\"[redacted]\\"}'],
  ['host=db user=crm password=hunter2 port=1', 'host=db user=crm password=[redacted] port=1'],
  ['client_secret: abc, scope: all', 'client_secret: [redacted], scope: all'],
  ['password: $2b$10$abcdefghijk', 'password: [redacted]'],
  ['got token=abcdefgh, token: x', 'got token=[redacted], token: x'],
  ['sent Bearer abcdef123456 twice', 'sent Bearer [redacted] twice'],
  [`got ${jwt}, expired`, 'got [redacted], expired'],
  [`cut off: ${jwt.slice(0, 30)}`, 'cut off: [redacted]'],
  ['Incorrect API key provided: sk-proj-abcdefghijklmnop.', 'Incorrect API key provided: [redacted].'],
  ['sk_live_abcdefghijklmnop1234', '[redacted]'],
  ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[redacted]'],
  ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
  ['paid with 4111 1111 1111 1111.', 'paid with [redacted].'],
  ['378282246310005', '[redacted]'],
  [
    'key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nab==\n-----END RSA PRIVATE KEY-----\nend',
    'key:\n[redacted]\nend',
  ],
  ['-----BEGIN PRIVATE KEY-----\nMIIE', '[redacted]'],
  ['failed token=S3CRET', 'failed token=[redacted]'],
  ['access_token: S3CRET', 'access_token: [redacted]'],
  ['sent Basic dXNlcjpTM0NSRVQ= twice', 'sent Basic [redacted] twice'],
  ['sent Bearer S3CRET', 'sent Bearer [redacted]'],
  ['get //u:S3CRET@h/x', 'get //[redacted]@h/x'],
  ...[
    'sessionid',
    'sas',
    'otp',
    'pin',
    'ticket',
    'assertion',
    'SAMLResponse',
    'user[password]',
    'user[pin]',
  ].map((name) => [`/a?${name}=S3CRET&b=1`, `/a?${name}=[redacted]&b=1`]),
  ['/a?a=%20&p%61ssword=S3CRET&b=1', '/a?a=%20&p%61ssword=[redacted]&b=1'],
  ['/a?user%5Bpin%5D=S3CRET', '/a?user%5Bpin%5D=[redacted]'],
  ['run --password S3CRET -v', 'run --password [redacted] -v'],
  ['run --api-key "S3 CRET" -v', 'run --api-key "[redacted]" -v'],
  ['["--password","S3CRET"]', '["--password","[redacted]"]'],
  ['curl -u user:S3CRET h', 'curl -u user:[redacted] h'],
  [`npm_${'aB3'.repeat(12)}`, '[redacted]'],
  [`hf_${'aB'.repeat(17)}`, '[redacted]'],
  ['password="a b c" next', 'password="[redacted]" next'],
  ["{'secret': 'a, b'}", "{'secret': '[redacted]'}"],
])('masks what is secret in %j', (text, expected) => {
  expect(redact('exception.message', text)).toBe(expected);
});

test.each([
  'SELECT * FROM users WHERE password = $1 AND token = $2 AND secret = ? AND api_key = :key',
  "Unexpected token: 'x'",
  'Unexpected token < in JSON at position 0',
  'took 1764140000000 ms, order 4111111111111112, id 550e8400-e29b-41d4-a716-446655440000',
  'https://api.example.com:8443/v1/users?page=2&sort=name',
  'at load (/app/node_modules/@unite/cache/dist/index.js:12:3)',
  'max_tokens: 4096',
  'Basic authentication and basic knowledge, bearer of news',
  'the secretary: Ada',
  'the option --password is required',
  'docker run -u 1000:1000',
  'npm_config_registry_and_more_words set',
  '// @ts-ignore and //a@b',
  'if token == null',
  '/a?opinion=1&pinned=2&a%20b=3',
  '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
])('leaves %j', (text) => {
  expect(redact('exception.message', text)).toBe(text);
});

test('asks the redactor of the application last, with what is left', () => {
  const extra = jest.fn<Redact>((key, text) => (key === 'note' ? undefined : text.toUpperCase()));
  const both = createRedactor(extra);
  expect(both('a', 'x password=y')).toBe('X PASSWORD=[REDACTED]');
  expect(both('note', 'x')).toBeUndefined();
  expect(extra).toHaveBeenCalledWith('a', 'x password=[redacted]');
});

test.each([
  [
    'throws',
    () => {
      throw new Error('on my-secret-text');
    },
  ],
  ['returns a number', () => 7 as unknown as string],
])('removes the attribute where it %s, and says so once', (_, extra) => {
  globalThis[Symbol.for('unite.warned.1') as never] = new Set() as never;
  const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const failing = createRedactor(extra);
  expect(failing('crm.note', 'my-secret-text')).toBeUndefined();
  expect(failing('crm.note', 'my-secret-text')).toBeUndefined();
  expect(emit).toHaveBeenCalledTimes(1);
  expect(emit.mock.calls[0]?.[0]).toContain('crm.note is removed');
  expect(String(emit.mock.calls)).not.toContain('my-secret-text');
  emit.mockRestore();
});

test('knows any number of keys', () => {
  for (const index of Array(5_000).keys()) expect(redact(`key.${index}`, 'x')).toBe('x');
  expect(redact('another.password', 'x')).toBe('[redacted]');
});

const pieces = fc.constantFrom(
  ...[
    'password',
    'token',
    'Bearer ',
    'authorization',
    'cookie',
    '://',
    '@',
    '=',
    ':',
    '"',
    "'",
    '?',
    '&',
    ' ',
    '\n',
  ],
  ...[
    'eyJ',
    '.',
    '-',
    '_',
    'sk-',
    'ghp_',
    'AKIA',
    '-----BEGIN PRIVATE KEY-----',
    '-----END',
    '4111',
    '1',
    'a',
    '%',
    '/',
  ],
  ...[
    '[redacted]',
    '\\',
    ';',
    '#',
    '(',
    'api_key',
    'secret',
    'Basic ',
    '--password ',
    '-u ',
    '//',
    '[',
    ']',
    '%61',
    'pin',
    'otp',
    'curl ',
    '\u{1f600}',
  ],
);

test('never throws, and changes nothing more when asked again', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 20 })), { maxLength: 30 }), (parts) => {
      const once = redact('k', parts.join('')) as string;
      expect(redact('k', once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

test('leaves none of a password behind, wherever it stands', () => {
  const context = fc.constantFrom(
    'https://u:%@h/',
    'password=%',
    '"apiKey": "%"',
    'Bearer %',
    '?sig=%&a=1',
    'sk-%',
  );
  fc.assert(
    fc.property(context, fc.stringMatching(/^[A-Za-z0-9]{16,40}$/), fc.string(), (where, secret, before) => {
      const text = `${before} ${where.replace('%', secret)}`;
      expect(redact('k', text)).not.toContain(secret);
    }),
  );
});

test('takes time in proportion to a hostile text', () => {
  const repeated = (piece: string, length: number): string => piece.repeat(length / piece.length + 1);
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 6 }), (parts) => {
      const short = cpuMs(() => redact('k', repeated(parts.join(''), 10_000)));
      const long = cpuMs(() => redact('k', repeated(parts.join(''), 300_000)));
      // Thirty times the text: a quadratic expression would take 900 times as long.
      expect(long).toBeLessThan(150 + short * 60);
    }),
    { numRuns: 30 },
  );
});

test.each(['pass', 'crm.user.pass', 'pwd', 'jwt', 'passcode', 'SMTP_PASS', 'db.pwd'])(
  'shows nothing of the short name %s',
  (key) => {
    expect(redact(key, 'anything')).toBe('[redacted]');
  },
);

test.each(['passenger', 'compass', 'bypass', 'tests.passed', 'first-pass'])(
  'shows %s, of which it is a part',
  (key) => {
    expect(redact(key, 'plain')).toBe('plain');
  },
);

test.each([
  [
    'Failed query: insert into u values ($1,$2)\nparams: a@b,S3CRET',
    'Failed query: insert into u values ($1,$2)\nparams: ?',
  ],
  ['Failed query: x\nparams: a,\nb\n    at f (a.js:1:2)', 'Failed query: x\nparams: ?\n    at f (a.js:1:2)'],
  ['no: Key (email)=(a)b@c) already exists.', 'no: Key (email)=(?) already exists.'],
  ['Key (lower(a), b)=(x, y) is not present in t', 'Key (lower(a), b)=(?) is not present in t'],
  ['Failing row contains (1, Ada, null).', 'Failing row contains (?).'],
  ["Duplicate entry 'O'Brien' for key 'u.name'", "Duplicate entry '?' for key 'u.name'"],
  [
    'E11000 duplicate key error index: e dup key: { e: "a} b", c: { d: 1 }, f: 2 } at',
    'E11000 duplicate key error index: e dup key: { ? } at',
  ],
  ['The duplicate key value is (Ada Lovelace).', 'The duplicate key value is (?).'],
  [
    "INSERT INTO u (a) VALUES ('bob', lower('x)'), 3), (\"y\") - failed",
    'INSERT INTO u (a) VALUES (?) - failed',
  ],
])('masks the values that a database shows in %j', (text, expected) => {
  expect(redact('exception.message', text)).toBe(expected);
  expect(redact('exception.message', expected)).toBe(expected);
});

test.each([
  ["wrong password 'a b'", "wrong password '[redacted]'"],
  ['cannot login with password "hunter2" now', 'cannot login with password "[redacted]" now'],
  ['mysqldump -u root -pS3CRET crm', 'mysqldump -u root -p[redacted] crm'],
  ['Incorrect API key provided: sk-a/b*c.', 'Incorrect API key provided: [redacted].'],
  ['to postgres://bob:p/a@s?#s@db/crm failed', 'to postgres://[redacted]@db/crm failed'],
  ['/go?to=%2Fa%3Ftoken%3DS3CRET%26b%3D1', '/go?to=%2Fa%3Ftoken%3D[redacted]%26b%3D1'],
  ['to %2Fa%253Fcode%253DS3CRET', 'to %2Fa%253Fcode%253D[redacted]'],
  ['<a><password>S3 CRET</password></a>', '<a><password>[redacted]</password></a>'],
  ['{"user":"bob","pass":"S3 CRET"}', '{"user":"bob","pass":"[redacted]"}'],
  ['user=bob pwd=S3CRET', 'user=bob pwd=[redacted]'],
])('masks what is said in %j', (text, expected) => {
  expect(redact('exception.message', text)).toBe(expected);
});

test.each([
  'insert into u (a) values ($1, $2)',
  "allowed values ('a', 'b')",
  'Key (part of it) is missing',
  'password is "short"',
  '{"pass":12,"fail":0}',
  'if pass == null',
  '<PasswordField> cannot appear as a descendant of <form>',
  'a query without params: none',
  'mysql -u root',
])('leaves the sentence %j', (text) => {
  expect(redact('exception.message', text)).toBe(text);
});

test.each([
  'Key (a)=(',
  'Key (',
  "Duplicate entry '",
  'dup key: { "',
  'dup key: { }, ',
  'insert into a values (',
  "insert into a values ('\\",
  'insert into ',
  'Failed query: \nparams: ',
  'Failing row contains (',
  'redis://a:',
  '%3Ftoken%3D',
  '<password>',
  '<password ',
  'mysql -p',
  'password "',
  'API key provided: .',
])('takes time in proportion to many of %j', (piece) => {
  expect(cpuMs(() => redact('k', `=</% -p ${piece.repeat(300_000 / piece.length)}`))).toBeLessThan(1_500);
});

test('finds a secret behind any number of clean texts, and hides one that came before', () => {
  const redact = createRedactor();
  for (let round = 0; round < 2; round++) {
    for (let id = 0; id < 600; id++)
      expect(redact('url.path', `/contacts/:id/${id}`)).toBe(`/contacts/:id/${id}`);
    expect(redact('url.path', `/?token=${jwt}`)).toBe('/?token=[redacted]');
    expect(redact('password', '/contacts/:id/1')).toBe('[redacted]');
  }
});
