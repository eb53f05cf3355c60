/**
 * The parts of a bench that `--only=part,…` names, else those of its short form with `--quick`, else all.
 *
 * @template Part
 * @param {Record<string, Part>} parts
 * @param {{ quick?: readonly string[] }} [form] names of the parts of the short form
 * @returns {[name: string, part: Part][]}
 */
export function chosenParts(parts, { quick = Object.keys(parts) } = {}) {
  const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
  const names = only?.split(',') ?? (process.argv.includes('--quick') ? quick : Object.keys(parts));
  const unknown = names.filter((name) => !(name in parts));
  if (unknown.length > 0)
    throw new RangeError(`No such part: ${unknown.join(', ')}. There are ${Object.keys(parts).join(', ')}`);
  return names.map((name) => [name, parts[name]]);
}
