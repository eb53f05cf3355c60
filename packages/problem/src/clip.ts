/** The string cut to `maxLength` UTF-16 units with an ellipsis, or `undefined` when it is no string. */
export function clip(text: unknown, maxLength: number): string | undefined {
  if (typeof text !== 'string') return undefined;
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
