import { createHash } from 'node:crypto';

/** A script with the name under which Redis keeps it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Makes each script when it is first needed, and once: there are as many as there are combinations of parts. */
export function scripts<Parts extends readonly boolean[]>(
  compose: (...parts: Parts) => string,
): (...parts: Parts) => Script {
  const made = new Map<number, Script>();
  return (...parts) => {
    const number = parts.reduce((bits, isPart) => bits * 2 + Number(isPart), 0);
    let known = made.get(number);
    if (!known) {
      known = script(compose(...parts));
      made.set(number, known);
    }
    return known;
  };
}
