/**
 * `name: value`, added to the headers before.
 *
 * @throws TypeError that says what it must be
 */
export function parseHeader(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  // RFC 9110 §5.1 and §5.6.2: a name is a token.
  const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):[ \t]*([^\r\n\0]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new TypeError("It must be a name and a value, such as 'accept: text/html'");
  }
  const same = Object.keys(before).find((other) => other.toLowerCase() === name.toLowerCase());
  if (same !== undefined) throw new TypeError(`${name} is said twice`);
  return { ...before, [name]: value.trim() };
}
