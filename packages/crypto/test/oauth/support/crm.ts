import {
  type CookieSessions,
  createCookieSessions,
  createLogin,
  type Login,
  type LoginOptions,
} from '../../../src/oauth';
import { createVisitor, type Visitor } from './visitor';

export const origin = 'https://crm.example';
export const callbackPath = '/login/callback';
export const client = { client_id: 'crm', redirect_uris: [`${origin}${callbackPath}`] };
export const secret = 'a secret that is long enough for a test';

/** Who is signed in. */
export interface Person {
  readonly id: string;
  readonly name?: unknown;
}

/** An application with a login. */
export interface Crm {
  readonly sessions: CookieSessions<Person>;
  readonly login: Login;
  newVisitor(): Visitor;
  /** Begins, and returns the provider's address. */
  begin(visitor: Visitor, returnTo?: string): Promise<string>;
  /** Who the application thinks this is. */
  whoIs(visitor: Visitor): Person | undefined;
}

export function createCrm(issuer: string, options: Partial<LoginOptions<Person>> = {}): Crm {
  const sessions = createCookieSessions<Person>({
    secrets: [secret],
    parse: (value) => value as Person,
    ...(options.clock && { clock: options.clock }),
  });
  const login = createLogin<Person>({
    issuer,
    clientId: 'crm',
    redirectUri: `${origin}${callbackPath}`,
    sessions,
    secrets: [secret],
    toSession: ({ sub, name }) => ({ id: sub, name }),
    allowInsecureHttp: true,
    ...options,
  });
  return {
    sessions,
    login,
    newVisitor: () => createVisitor(origin, answer),
    async begin(visitor, returnTo) {
      const query = returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
      const response = await visitor.visit(`${origin}/login${query}`);
      return response.headers.get('location') ?? '';
    },
    whoIs(visitor) {
      const jar = visitor.cookies.get(origin) ?? new Map<string, string>();
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
      return sessions.read(new Headers({ cookie }));
    },
  };

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/login') return login.begin(request);
    if (pathname === callbackPath) return login.finish(request);
    return login.end(request);
  }
}
