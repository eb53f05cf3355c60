/**
 * A strict reader of DogStatsD, protocol v1.2, by its grammar.
 *
 * @see https://docs.datadoghq.com/developers/dogstatsd/datagram_shell
 */
export interface MetricLine {
  readonly kind: 'metric';
  readonly name: string;
  readonly values: readonly number[];
  readonly type: 'c' | 'g' | 'd';
  readonly tags: readonly string[];
}

export interface EventLine {
  readonly kind: 'event';
  readonly title: string;
  readonly text: string;
  /** `d`, `k`, `t`, … */
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

const number = /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/;
const metricName = /^[a-zA-Z][\w.]{0,199}$/;
const tag = /^\p{L}[\p{L}\p{N}_\-./]*:[\p{L}\p{N}_\-:./]+$/u;

/** @throws Error that shows the first line that breaks a rule */
export function parsePacket(packet: Buffer, maxBytes = 1_432): (MetricLine | EventLine)[] {
  if (packet.length > maxBytes) throw new Error(`A packet of ${packet.length} bytes`);
  const text = packet.toString();
  if (!Buffer.from(text).equals(packet)) throw new Error('Not UTF-8');
  return text.split('\n').map((line) => (line.startsWith('_e{') ? parseEvent(line) : parseMetric(line)));
}

function parseMetric(line: string): MetricLine {
  const [head = '', type = '', ...fields] = line.split('|');
  const [name = '', ...values] = head.split(':');
  if (!metricName.test(name)) throw broken('name', line);
  if (values.length === 0 || !values.every((value) => number.test(value))) throw broken('value', line);
  if (type !== 'c' && type !== 'g' && type !== 'd') throw broken('type', line);
  if (type !== 'd' && values.length > 1) throw broken('value', line);
  if (fields.length > 1 || (fields[0] !== undefined && !fields[0].startsWith('#')))
    throw broken('field', line);
  return { kind: 'metric', name, values: values.map(Number), type, tags: parseTags(fields[0], line) };
}

function parseEvent(line: string): EventLine {
  const lengths = /^_e\{(\d+),(\d+)\}:/.exec(line);
  if (!lengths) throw broken('head of event', line);
  const bytes = Buffer.from(line.slice(lengths[0].length));
  const titleEnd = Number(lengths[1]);
  const textEnd = titleEnd + 1 + Number(lengths[2]);
  const rest = bytes.toString('utf8', textEnd).split('|');
  if (titleEnd === 0 || bytes[titleEnd] !== 0x7c || rest.shift() !== '') throw broken('length', line);
  const fields: Record<string, string> = {};
  let tags: readonly string[] = [];
  for (const field of rest) {
    if (field.startsWith('#')) tags = parseTags(field, line);
    else if (/^d:\d{10}$|^k:[\w-]{1,100}$|^s:\w+$|^t:(?:error|warning|info|success)$/.test(field)) {
      fields[field.slice(0, 1)] = field.slice(2);
    } else throw broken('field of event', line);
  }
  const text = bytes.toString('utf8', titleEnd + 1, textEnd).replaceAll('\\n', '\n');
  return { kind: 'event', title: bytes.toString('utf8', 0, titleEnd), text, fields, tags };
}

function parseTags(field: string | undefined, line: string): string[] {
  if (field === undefined) return [];
  const tags = field.slice(1).split(',');
  for (const one of tags) {
    if (!tag.test(one) || one.length > 200 || one !== one.toLowerCase() || one.endsWith(':'))
      throw broken(one, line);
  }
  const keys = tags.map((one) => one.slice(0, one.indexOf(':')));
  if (new Set(keys).size < keys.length) throw broken('key twice', line);
  return tags;
}

function broken(what: string, line: string): Error {
  return new Error(`Not DogStatsD (${what}): ${line.slice(0, 300)}`);
}
