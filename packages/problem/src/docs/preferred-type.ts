import { weighted } from '../weighted';

/**
 * The media type that the request likes best; the first of `types` on a tie and where nothing matches
 * (RFC 9110 §12.5.1: the most specific range counts).
 */
export function preferredType<Type extends string>(
  accept: string | null | undefined,
  types: readonly [Type, ...Type[]],
): Type {
  const ranges = weighted(accept);
  return types.reduce((best, type) => (weightOf(type) > weightOf(best) ? type : best));

  function weightOf(type: Type): number {
    const specific = [type, type.replace(/\/.*/, '/*'), '*/*'].map((range) =>
      ranges.find(({ value }) => value === range),
    );
    return specific.find((match) => match)?.weight ?? 0;
  }
}
