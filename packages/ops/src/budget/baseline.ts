import { writeFile } from 'node:fs/promises';
import { describeValue, optionChecks } from '@unite/shared';
import type { EncodedBytes } from './budget-types';
import { byEncoding, encodings } from './encodings';
import { readJsonFile } from './read-json-file';

/** What routes weighed when the baseline was written. */
export type Baseline = Readonly<Record<string, BaselineRoute>>;

interface BaselineRoute {
  readonly bytes: EncodedBytes;
  /** Raw bytes by name. */
  readonly modules: Readonly<Record<string, number>>;
}

/** @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND`, `UNITE_OPS_CONFIG_INVALID` */
export function readBaseline(file: string): Promise<Baseline> {
  return readJsonFile(file, 'write it by unite budget --update-baseline', (value, complain) => {
    if (optionChecks.object(value)) {
      throw complain('', `what unite budget --update-baseline writes, got ${describeValue(value)}`);
    }
    return Object.fromEntries(
      Object.entries(value as Record<string, unknown>).map(([route, given]) => {
        const { modules, ...bytes } = Object(given) as Record<string, unknown>;
        const figures = [...encodings.map((encoding) => bytes[encoding]), ...Object.values(Object(modules))];
        if (optionChecks.object(modules) || !figures.every(Number.isSafeInteger)) {
          throw complain(`[${JSON.stringify(route)}]`, 'whole numbers raw, gzip, brotli and modules by name');
        }
        return [
          route,
          {
            bytes: byEncoding((encoding) => bytes[encoding] as number),
            modules: modules as Record<string, number>,
          },
        ];
      }),
    );
  });
}

/** One route as it is now. */
export interface WeighedRoute {
  readonly route: string;
  readonly bytes: EncodedBytes;
  readonly modules: ReadonlyMap<string, number>;
}

/** Bytes by route and module, in an order that does not change with their sizes. */
export async function writeBaseline(file: string, routes: readonly WeighedRoute[]): Promise<void> {
  const baseline = Object.fromEntries(
    [...routes]
      .sort(byName(({ route }) => route))
      .map(({ route, bytes, modules }) => [
        route,
        { ...bytes, modules: Object.fromEntries([...modules].sort(byName(([name]) => name))) },
      ]),
  );
  await writeFile(file, `${JSON.stringify(baseline, null, 2)}\n`);
}

function byName<Value>(nameOf: (value: Value) => string): (one: Value, other: Value) => number {
  return (one, other) => (nameOf(one) < nameOf(other) ? -1 : 1);
}
