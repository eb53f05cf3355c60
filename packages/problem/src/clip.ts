/** The string cut to `maxLength` UTF-16 units with an ellipsis, or `undefined` when it is no string. */
export function clip(text: unknown, maxLength = 2_000): string | undefined {
  if (typeof text !== 'string') return undefined;
  return text.length > maxLength ? `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}
