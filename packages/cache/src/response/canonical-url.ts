/** With more parameters than this parsers begin to leave some out, so their order counts. */
const maxSorted = 100;

/**
 * Path and query with the parameters in the order of their names. Parameters of one name keep their order, which
 * makes the list that a handler reads; so do `a`, `a[]` and `a[0]`, which some parsers put into one list.
 */
export function canonicalUrl(url: string): string {
  const start = url.indexOf('?');
  if (start === -1) return url;
  const parameters = url.slice(start + 1).split('&');
  if (parameters.length > maxSorted) return url;
  const named = parameters.map((parameter) => ({ parameter, name: listName(parameter) }));
  // The sort is stable.
  named.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  return `${url.slice(0, start)}?${named.map(({ parameter }) => parameter).join('&')}`;
}

/** What the parameter's value ends up in: the decoded name up to the first bracket. */
function listName(parameter: string): string {
  const name = (parameter.split('=', 1)[0] as string).replaceAll('+', ' ');
  return (decoded(name).split('[', 1)[0] as string).trim();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
