/** What can be written: lists, records, and texts and numbers in them. What is `undefined` is left out. */
export type YamlValue = string | number | readonly YamlValue[] | object;

/** Writes YAML in blocks, one entry a line. Texts are written as JSON does, which YAML 1.2 reads as it does. */
export function yamlText(value: YamlValue): string {
  return `${lines(value).join('\n')}\n`;
}

function lines(value: YamlValue): string[] {
  if (typeof value !== 'object') return [scalar(value)];
  if (Array.isArray(value)) {
    return value.length === 0 ? ['[]'] : value.flatMap((item) => indented(lines(item), '- '));
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.length === 0 ? ['{}'] : entries.flatMap(([key, item]) => entry(key, item));
}

function entry(key: string, value: YamlValue): string[] {
  const name = /^[a-z_]\w*$/i.test(key) ? key : JSON.stringify(key);
  const [first = '', ...rest] = lines(value);
  const isBlock = typeof value === 'object' && first !== '[]' && first !== '{}';
  return isBlock ? [`${name}:`, ...[first, ...rest].map((line) => `  ${line}`)] : [`${name}: ${first}`];
}

function indented([first = '', ...rest]: readonly string[], mark: string): string[] {
  return [`${mark}${first}`, ...rest.map((line) => `  ${line}`)];
}

function scalar(value: string | number): string {
  return JSON.stringify(value);
}
