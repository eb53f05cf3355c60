import { describeValue, optionChecks } from '@unite/shared';
import type { EncodedBytes, Encoding } from './budget-types';
import { encodings } from './encodings';
import { type Complaint, readJsonFile } from './read-json-file';

/** What `budgets.json` says. */
export interface Budgets {
  /** Of every route. */
  readonly default: Partial<EncodedBytes>;
  /** By route, or by `/ops/*` for all below. */
  readonly routes: Readonly<Record<string, Partial<EncodedBytes>>>;
  /** How much more than in the baseline is allowed; without it, there is no comparing. */
  readonly growth: Partial<EncodedBytes> | undefined;
}

/** 1 kB is 1,000 bytes, as browsers count. */
const bytesPerKb = 1_000;
const keys: Readonly<Record<Encoding, string>> = { raw: 'rawKb', gzip: 'gzipKb', brotli: 'brotliKb' };
const sizes = `an object of ${Object.values(keys).join(', ')}`;

/** @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND`; `UNITE_OPS_CONFIG_INVALID` that names the key and what it got */
export function readBudgets(file: string): Promise<Budgets> {
  return readJsonFile(file, 'write one, such as { "default": { "gzipKb": 180 } }', (value, complain) => {
    const known = ['default', 'routes', 'growth'];
    const {
      default: preset,
      routes,
      growth,
    } = objectOf(value, '', `an object of ${known.join(', ')}`, known, complain);
    const byRoute = objectOf(routes ?? {}, 'routes', 'an object of budgets by route', undefined, complain);
    return {
      default: sizesOf(preset ?? {}, 'default', complain),
      routes: Object.fromEntries(
        Object.entries(byRoute).map(([route, given]) => {
          const place = `routes[${JSON.stringify(route)}]`;
          if (!route.startsWith('/')) throw complain(place, 'named by a path that begins with /');
          return [route, sizesOf(given, place, complain)];
        }),
      ),
      growth: growth === undefined ? undefined : sizesOf(growth, 'growth', complain, true),
    };
  });
}

function sizesOf(
  value: unknown,
  place: string,
  complain: Complaint,
  mayBeZero = false,
): Partial<EncodedBytes> {
  const given = objectOf(value, place, sizes, Object.values(keys), complain);
  return Object.fromEntries(
    encodings.flatMap((encoding) => {
      const kb = given[keys[encoding]];
      if (kb === undefined) return [];
      const demand = mayBeZero && kb === 0 ? undefined : optionChecks.positive(kb);
      if (demand) {
        throw complain(`${place}.${keys[encoding]}`, `${demand} of kilobytes, got ${describeValue(kb)}`);
      }
      return [[encoding, Math.round((kb as number) * bytesPerKb)]];
    }),
  );
}

function objectOf(
  value: unknown,
  place: string,
  demand: string,
  known: readonly string[] | undefined,
  complain: Complaint,
): Readonly<Record<string, unknown>> {
  if (optionChecks.object(value)) throw complain(place, `${demand}, got ${describeValue(value)}`);
  const given = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => known && !known.includes(key));
  if (unknown !== undefined) throw complain(place, `${demand}; it has ${describeValue(unknown)}`);
  return given;
}
