import { describeValue, optionChecks } from '@unite/shared';
import type { Breach, EncodedBytes, Encoding, MeasuredTransfers } from './budget-types';
import { encodings } from './encodings';
import { readJsonFile } from './read-json-file';

/** @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND`, `UNITE_OPS_CONFIG_INVALID` */
export function readTransfers(file: string): Promise<MeasuredTransfers> {
  return readJsonFile(file, 'write what a browser has transferred', (value, complain) => {
    const { encoding, routes } = Object(value) as Record<string, unknown>;
    if (!encodings.includes(encoding as Encoding)) {
      throw complain('encoding', `"raw", "gzip" or "brotli", got ${describeValue(encoding)}`);
    }
    if (optionChecks.object(routes)) throw complain('routes', `bytes by route, got ${describeValue(routes)}`);
    for (const [route, bytes] of Object.entries(routes as Record<string, unknown>)) {
      const demand = optionChecks.positive(bytes);
      if (demand)
        throw complain(`routes[${JSON.stringify(route)}]`, `${demand}, got ${describeValue(bytes)}`);
    }
    return { encoding: encoding as Encoding, routes: routes as Record<string, number> };
  });
}

/**
 * Whether a browser transferred for a route what the build's report says: a report that leaves chunks out would watch
 * less than what people wait for.
 *
 * @param tolerancePercent of the report's bytes; headers of answers are transferred too
 * @returns nothing where it did, or where the route was not measured
 */
export function crossCheckTransfers(
  route: string,
  bytes: EncodedBytes,
  measured: MeasuredTransfers,
  tolerancePercent: number,
): readonly Breach[] {
  const { encoding } = measured;
  const transferred = Object.hasOwn(measured.routes, route) ? measured.routes[route] : undefined;
  if (transferred === undefined) return [];
  const differs = Math.abs(transferred - bytes[encoding]) > (bytes[encoding] * tolerancePercent) / 100;
  return differs ? [{ kind: 'measured', encoding, bytes: transferred, allowedBytes: bytes[encoding] }] : [];
}
