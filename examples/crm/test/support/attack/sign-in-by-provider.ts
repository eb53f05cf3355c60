import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { counted } from './client';

/** What a browser keeps of one site. */
type Jar = Map<string, string>;

export interface SignedIn {
  /** As the next request sends it: `name=value`. */
  readonly cookie: string;
  /** Where the login has led to. */
  readonly location: string;
  /** Every address on the way, the callback with its code among them. */
  readonly steps: readonly string[];
  /** Every cookie that the application has set on the way, with its attributes. */
  readonly setCookies: readonly string[];
  /** What the callback was sent. */
  readonly callbackCookie: string;
}

export interface SignInOptions {
  readonly origin?: string;
  readonly begin?: string;
  /** What the browser has before the login. */
  readonly cookie?: string;
  /** Stops before the callback is asked for. */
  readonly untilCallback?: boolean;
}

/** Signs a person in through the whole login, as a browser would: the identity provider, its form, and back with a code. */
export async function signInByProvider(
  account: string,
  {
    origin = process.env.TEST_ATTACK_ORIGIN ?? '',
    begin = '/api/session/begin',
    cookie = '',
    untilCallback = false,
  }: SignInOptions = {},
): Promise<SignedIn> {
  const jars: Record<string, Jar> = { [new URL(origin).origin]: jarOf(cookie) };
  const steps: string[] = [];
  const setCookies: string[] = [];
  let address = new URL(begin, origin);
  let form: string | undefined;
  let callbackCookie = '';
  while (steps.length < 12) {
    steps.push(address.href);
    const isOurs = address.origin === origin;
    if (isOurs) counted(address.pathname);
    jars[address.origin] ??= new Map();
    const jar = jars[address.origin] as Jar;
    const isCallback = isOurs && address.pathname.endsWith('/callback');
    if (isCallback) callbackCookie = cookieOf(jar);
    if (isCallback && untilCallback) break;
    const answer = await ask(address, cookieOf(jar), form);
    form = undefined;
    for (const line of answer.setCookies) keep(jar, line);
    if (isOurs) setCookies.push(...answer.setCookies);
    if (answer.location === undefined) {
      // The form of the identity provider: whoever picks a person is that person.
      form = `account=${account}`;
      continue;
    }
    const next = new URL(answer.location, address);
    if (isCallback || (isOurs && !next.pathname.startsWith('/api/session') && next.origin === origin)) {
      return { cookie: cookieOf(jar), location: answer.location, steps, setCookies, callbackCookie };
    }
    address = next;
  }
  return { cookie: cookieOf(jars[origin] ?? new Map()), location: '', steps, setCookies, callbackCookie };
}

async function ask(address: URL, cookie: string, form: string | undefined) {
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const asked = request(address, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        ...(cookie && { cookie }),
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    });
    asked.on('error', reject);
    asked.on('response', resolve);
    asked.end(form);
  });
  await text(response);
  return { location: response.headers.location, setCookies: response.headers['set-cookie'] ?? [] };
}

function jarOf(cookie: string): Jar {
  const jar: Jar = new Map();
  for (const pair of cookie.split('; ').filter(Boolean)) keep(jar, pair);
  return jar;
}

function keep(jar: Jar, line: string): void {
  const [pair = ''] = line.split(';');
  const name = pair.slice(0, pair.indexOf('='));
  if (/max-age=0\b|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
  else jar.set(name, pair.slice(name.length + 1));
}

function cookieOf(jar: Jar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
