import type { ProblemDocument } from '@unite/problem';
import type { Contact } from '../../lib/contacts/contact-types';
import type { ContactPage } from '../../lib/contacts/list-contacts';

/** A request to the application under test, as a workspace's owner unless a cookie says otherwise. */
export async function api(path: string, options: ApiOptions = {}): Promise<Answer> {
  const { method = 'GET', json, workspace = 'harbour', cookie, headers } = options;
  const origin = options.origin ?? process.env.TEST_ORIGIN;
  const response = await fetch(new URL(path, origin), {
    method,
    redirect: 'manual',
    headers: {
      ...(cookie ? { cookie } : { 'x-demo-workspace': workspace }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : {},
  };
}

export interface ApiOptions {
  readonly origin?: string | undefined;
  readonly method?: string;
  readonly json?: unknown;
  readonly workspace?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Read as whichever of the API's answers the test expects it to be; empty where it is no JSON. */
  readonly json: AnswerJson;
}

/** A contact, a page of contacts, or a problem. */
export type AnswerJson = Contact & ContactPage & ProblemDocument & Required<Pick<ProblemDocument, 'errors'>>;

/** Signs a demo person in and gives the cookie. */
export async function signIn(userId: string): Promise<string> {
  return cookieOf(await api('/api/session', { method: 'POST', json: { userId } }), 'crm_session');
}

/** One cookie that an answer sets, as the next request sends it. */
export function cookieOf({ headers }: Answer, name: string): string {
  const cookie = headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
  if (!cookie) throw new Error(`The answer sets no cookie ${name}`);
  return cookie.split(';')[0] ?? '';
}

/** A new contact of a workspace; its address is taken by nobody. */
export async function newContact(
  fields: object = {},
  workspace = 'harbour',
  origin?: string,
): Promise<AnswerJson> {
  const email = `test-${crypto.randomUUID()}@new.example`;
  return (await api('/api/contacts', { method: 'POST', json: { email, ...fields }, workspace, origin })).json;
}
