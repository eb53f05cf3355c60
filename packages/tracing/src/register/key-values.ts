import type { IgnoredVariables } from './ignored-variables';

/** `key=value,key2=value2`, percent-encoded as in W3C baggage. What is no pair is told without its text: it may be a secret. */
export function keyValues(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  ignored: IgnoredVariables,
): Record<string, string> {
  const given = (env[name] ?? '').split(',').filter((pair) => pair.trim() !== '');
  const pairs = given.flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() && value.length > 0 ? [[key.trim(), decoded(value.join('=').trim())] as const] : [];
  });
  if (pairs.length < given.length)
    ignored.add(name, `key=value pairs, and ${given.length - pairs.length} of ${given.length} are none`);
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
