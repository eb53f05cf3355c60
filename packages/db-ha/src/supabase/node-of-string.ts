import type { NodeOptions } from '../types';

/** Completes a connection string as the dashboard shows it. */
export function nodeOfString(text: string, index: number, password: string | undefined): NodeOptions {
  const place = `supabaseNodes: databases[${index}]`;
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new TypeError(
      `${place} is no connection string such as postgresql://postgres:…@db.….supabase.co:5432/postgres`,
    );
  }
  const url = new URL(text);
  // Encoded first: the setter alone would leave a percent sign as it is.
  if (password !== undefined) url.password = encodeURIComponent(password);
  if (url.password === '' || url.password === '%5BYOUR-PASSWORD%5D') {
    throw new TypeError(`${place} holds no password; give the option "password"`);
  }
  const name = nameOf(url);
  return {
    url: url.href,
    pooler: url.port === '6543' ? 'transaction' : 'none',
    ...(name !== undefined && { name }),
  };
}

/** On the shared pooler, host and port are the same for every database of a project. */
function nameOf({ username, hostname }: URL): string | undefined {
  const [, fromHost] = /^db\.([a-z\d-]+)\.supabase\.co$/.exec(hostname) ?? [];
  const [, fromUser] = /\.([a-z\d-]+)$/.exec(username) ?? [];
  return fromHost ?? fromUser;
}
