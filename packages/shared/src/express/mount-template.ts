/** Parameters as Express has them on a request, a list for a wildcard. */
export type RouteParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Puts the names of parameters where their values stand in the path that a router was found at, from the right:
 * `/teams/7` with `{ team: '7' }` is `/teams/:team`.
 *
 * @param inherited parameters of the router around, which `params` has too with `mergeParams`
 * @returns undefined where a value stands in no segment of its own, as in `/team-:id` or in a regular expression
 */
export function mountTemplate(path: string, params: RouteParams, inherited: RouteParams): string | undefined {
  const segments = decodedSegments(path);
  if (!segments) return undefined;
  let end = segments.length;
  for (const [name, value] of Object.entries(params).reverse()) {
    if (value === undefined) continue;
    const values = [value].flat();
    const start = lastIndexOfRun(segments, values, end);
    if (start >= 0 && !isGroup(name)) {
      segments.splice(start, values.length, Array.isArray(value) ? `*${name}` : `:${name}`);
      end = start;
    } else if (inherited[name] !== value) {
      return undefined;
    }
  }
  return segments.join('/');
}

/** Groups of a regular expression have numbers; what stands around them may be of the client's making too. */
function isGroup(name: string): boolean {
  return /^\d+$/.test(name);
}

/** None for a path that is not well encoded, which only a regular expression can match. */
function decodedSegments(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function lastIndexOfRun(segments: readonly string[], run: readonly string[], end: number): number {
  let start = end - run.length;
  while (start >= 0 && !run.every((value, offset) => segments[start + offset] === value)) start--;
  return start;
}
