import { InvalidArgumentError } from 'commander';

/** A parser whose TypeError the command line prints with the option's name. */
export function parseWith<Value>(
  parse: (text: string, before?: Value) => Value,
): (text: string, before?: Value) => Value {
  return (text, before) => {
    try {
      return parse(text, before);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

/** @throws TypeError that says what it must be */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new TypeError('It must be a number');
  return value;
}

/** @throws TypeError that says what it must be */
export function parseWhole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new TypeError('It must be a whole number');
  return value;
}

/** @throws TypeError that says what it must be */
export function parsePercent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!/^[\d.]+%?$/.test(text) || !(value <= 100)) throw new TypeError('It must be a number from 0 to 100');
  return value;
}
