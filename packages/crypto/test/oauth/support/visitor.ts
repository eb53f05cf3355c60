/** A browser as far as a login needs one: cookies by origin, and redirects one at a time. */
export interface Visitor {
  /** Cookies by origin and name. */
  readonly cookies: Map<string, Map<string, string>>;
  /** One request, without following. */
  visit(address: string | URL, init?: RequestInit): Promise<Response>;
  /** Picks a person at the provider, from its first address to that of the callback. */
  signInAt(authorizationUrl: string, accountId: string): Promise<URL>;
}

/** @param application answers what goes to this origin */
export function createVisitor(origin: string, application: (request: Request) => Promise<Response>): Visitor {
  const cookies = new Map<string, Map<string, string>>();
  return { cookies, visit, signInAt };

  async function visit(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const jar = cookies.get(url.origin) ?? new Map<string, string>();
    cookies.set(url.origin, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '));
    const request = new Request(url, { ...init, headers, redirect: 'manual' });
    // `fetch` drops a cookie header of a request object in no version; the application gets it directly.
    const response = url.origin === origin ? await application(request) : await fetch(request);
    for (const cookie of response.headers.getSetCookie()) keep(jar, cookie);
    return response;
  }

  async function signInAt(authorizationUrl: string, accountId: string): Promise<URL> {
    let url = new URL(authorizationUrl);
    let response = await visit(url);
    while (url.origin !== origin) {
      const location = response.headers.get('location');
      if (location === null)
        throw new Error(`${response.status} at ${url.pathname}: ${await response.text()}`);
      url = new URL(location, url);
      if (url.origin === origin) break;
      response = url.pathname.startsWith('/sign-in/')
        ? await visit(url, { method: 'POST', body: new URLSearchParams({ account: accountId }) })
        : await visit(url);
    }
    return url;
  }
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name);
  else jar.set(name, value);
}
