import { isIP } from 'node:net';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { Sink } from '../sink-types';
import { DatadogSink } from './datadog-sink';
import type { DatadogOptions } from './datadog-types';

/**
 * Sends metrics, deployments and errors to a Datadog agent, by DogStatsD. Needs `hot-shots`.
 *
 * - Counters and gauges add up in the process and are sent once in `flushIntervalMs`; each value of a histogram is sent,
 *   as a distribution.
 * - A deployment is an event. An error counts in `errors`, and is an event once a minute for each kind of it.
 * - Where `dd-trace` runs, its active span is told of the error, the deployment and the tenant.
 *
 * A datagram is not answered: over UDP "sent" says that the machine took it, whether an agent listens or not.
 *
 * @throws TypeError for an option that is not right
 * @example
 * const apm = startApm({ service, sinks: [datadog({ host: '10.0.0.7', prefix: 'crm' })] });
 */
export function datadog(options: DatadogOptions = {}): Sink {
  checkDatadogOptions(options);
  return new DatadogSink(options);
}

function checkDatadogOptions(options: DatadogOptions): void {
  const whole = (from: number, to: number) =>
    expects(
      `a whole number from ${from} to ${to}`,
      (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
    );
  checkOptions('datadog', options, {
    host: expects(
      'the name or the address of a host',
      (value) => typeof value === 'string' && (isIP(value) > 0 || hostName.test(value)),
    ),
    port: whole(1, 65_535),
    path: expects(
      'the path of a socket',
      (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
    ),
    client: has('a client of hot-shots', 'sendMessage'),
    prefix: expects(
      'letters, digits, "_" and ".", a letter first, 100 at most',
      (value) => typeof value === 'string' && /^[a-z][\w.]{0,99}$/i.test(value),
    ),
    tags: expects(
      'an object of texts, 20 at most',
      (value) =>
        optionChecks.object(value) === undefined &&
        Object.keys(value as object).length <= 20 &&
        Object.values(value as object).every((text) => typeof text === 'string'),
    ),
    maxQueued: whole(1, 1_000_000),
    flushIntervalMs: whole(1, 60_000),
    maxPacketBytes: whole(512, 65_507),
    tracer: expects(
      'a tracer of dd-trace, or false',
      (value) => value === false || has('', 'scope')(value) === undefined,
    ),
  });
  const ways = [options.client, options.path, options.host ?? options.port];
  if (ways.filter((way) => way !== undefined).length > 1) {
    throw new TypeError('datadog: give one of the options "client", "path", or "host" and "port"');
  }
}

/** RFC 1123 §2.1, and the underscores of container networks. */
const hostName = /^(?=.{1,253}$)\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?$/;

function has(demand: string, method: string) {
  return expects(
    demand,
    (value) => typeof (value as Record<string, unknown> | null | undefined)?.[method] === 'function',
  );
}
