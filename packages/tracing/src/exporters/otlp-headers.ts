import { describeValue } from '@unite/shared';

/** What is wrong with a header, without its value; `undefined` for one that can be sent. RFC 9110 §5.1 and §5.5. */
export function headerTrouble(name: string, value: unknown): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return `${describeValue(name)} is no name of a header`;
  if (typeof value !== 'string') return `the value of ${describeValue(name)} is no text`;
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    return `the value of ${describeValue(name)} has characters that no header may have`;
  return undefined;
}

/** A check for the headers of requests, which names the one that cannot be sent. */
export function headersCheck(value: unknown): string | undefined {
  const demand = 'an object of header values';
  if (typeof value !== 'object' || value === null) return demand;
  const [trouble] = Object.entries(value).flatMap(([name, text]) => headerTrouble(name, text) ?? []);
  return trouble && `${demand}, but ${trouble}`;
}
