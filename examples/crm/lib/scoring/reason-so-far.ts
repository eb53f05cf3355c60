import { Allow, parse } from 'partial-json';

/**
 * What a model's answer, which is JSON and not yet whole, has of the reason so far. Only to be shown: what counts is read
 * from the whole.
 */
export function reasonSoFar(json: string): string {
  const { reason } = partOf(json);
  return typeof reason === 'string' ? whole(reason) : '';
}

function partOf(json: string): { readonly reason?: unknown } {
  try {
    const part: unknown = parse(json, Allow.OBJ | Allow.STR);
    return typeof part === 'object' && part !== null ? part : {};
  } catch {
    // Nothing yet, or no JSON.
    return {};
  }
}

/** Without the first half of a character whose second has not come. */
function whole(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
