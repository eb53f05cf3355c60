/** The answer of `INFO`, by its names. */
export type ServerInfo = ReadonlyMap<string, string>;

/** Reads the lines `name:value` of an answer of `INFO`. */
export function readInfo(answer: unknown): ServerInfo {
  const lines = String(answer).split('\r\n');
  return new Map(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

/** A number of `INFO`; 0 where it is missing, as in forks. */
export function numberIn(info: ServerInfo, name: string): number {
  return Number(info.get(name) ?? 0) || 0;
}
