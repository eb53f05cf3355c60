import type { Answer } from './client';

/** What an answer must never hold: code, queries, addresses of servers, or what our dependencies say of their failures. */
const tells = [
  /\n\s+at .+:\d+:\d+/,
  /node_modules|\.next\/|webpack|turbopack:/,
  /syntax error at or near|invalid byte sequence|invalid input syntax|relation "/i,
  /ECONNREFUSED|ETIMEDOUT|(postgres(ql)?|rediss?):\/\/[\w.]/,
  /KEYRING|SESSION_SECRET|-----BEGIN/,
];

/** Statuses of failures that are meant: a model that is not there, a server that cannot be reached. */
const meant = [501, 502];

/** What is wrong with an answer, whatever was asked; empty for a good one. */
export function weaknesses({ status, headers, text }: Answer, template = ''): string[] {
  const type = headers['content-type'] ?? '';
  return [
    // With what it says of itself: which server was asked in vain.
    status >= 500 && !meant.includes(status) && `status ${status} ${text.slice(0, 500)}`,
    template.startsWith('/api') &&
      status >= 400 &&
      text !== '' &&
      // A browser that asks for a page gets the problem as one.
      !/^(application\/problem\+json|text\/html)/.test(type) &&
      `an error as ${type}`,
    ...tells.map((tell) => tell.test(withoutScripts(text)) && `tells ${tell}`),
    ...['x-powered-by', 'server', 'access-control-allow-origin'].map(
      (name) => name in headers && `header ${name}: ${headers[name]?.toString()}`,
    ),
    headers['x-content-type-options'] !== 'nosniff' && 'no X-Content-Type-Options',
    headers['content-security-policy'] === undefined && 'no Content-Security-Policy',
    // What is not cached unless it says so, needs not say so: RFC 9110 §15.4.8.
    status !== 307 && headers['cache-control'] === undefined && 'no Cache-Control',
    /\bpublic\b/.test(headers['cache-control'] ?? '') && 'Cache-Control is public',
    ...(type.includes('html')
      ? pageWeaknesses(headers['content-security-policy']?.toString() ?? '', text)
      : []),
  ].filter((weakness) => weakness !== false);
}

/** Every script of a page carries the nonce of its own policy, or is a file or data where that allows no other; none is an attribute. */
function pageWeaknesses(policy: string, html: string): (string | false)[] {
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  const isOfFiles = policy.startsWith("default-src 'none'; script-src 'self';");
  const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes = '']) => attributes);
  const mayStay = (attributes: string) =>
    nonce ? attributes.includes(`nonce="${nonce}"`) : /\bsrc="\/|type="application\/json"/.test(attributes);
  const outsideScripts = withoutScripts(html);
  return [
    !nonce && !isOfFiles && 'no nonce',
    /script-src[^;]*'unsafe-(inline|eval)'/.test(policy) && `policy ${policy}`,
    scripts.some((attributes) => !mayStay(attributes)) && 'a script without nonce',
    /<[^>"]+\son\w+=/i.test(outsideScripts) && 'a handler in an attribute',
    // React puts one that only throws on forms of its own, which no policy with a nonce runs.
    /(href|src|action)="\s*javascript:(?!throw new Error)/i.test(outsideScripts) && 'a javascript: address',
  ];
}

/** Next.js names its own files in the data that it hands to the browser. */
function withoutScripts(html: string): string {
  return html.replace(/<script\b[^>]*>.*?<\/script>/gs, '').replace(/<(link|meta)\b[^>]*>/g, '');
}
