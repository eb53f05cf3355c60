/** How a framework writes a parameter in a route: one segment, or the rest of the path. */
export type ParamNotation = (name: string, isCatchAll: boolean) => string;

/**
 * Puts parameter names back where their values stand, from the right: in `/teams/7/members/7` with
 * `{ team: '7', member: '7' }` the last parameter is the last segment. Values may be encoded or not.
 */
export function templateFromPathname(
  pathname: string,
  params: Readonly<Record<string, string | string[] | undefined>>,
  notation: ParamNotation,
): string {
  const segments = pathname.split('/').map(decoded);
  let end = segments.length;
  for (const [name, value] of Object.entries(params).reverse()) {
    const values = [value ?? []].flat().map(decoded);
    const start = lastIndexOfRun(segments, values, end);
    if (start === -1) continue;
    segments.splice(start, values.length, notation(name, Array.isArray(value)));
    end = start;
  }
  return segments.join('/');
}

function lastIndexOfRun(segments: readonly string[], run: readonly string[], end: number): number {
  if (run.length === 0) return -1;
  for (let start = end - run.length; start >= 0; start--) {
    if (run.every((value, offset) => segments[start + offset] === value)) return start;
  }
  return -1;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
