import type { Command } from 'commander';
import type { UniteConfig } from '../config/config-types';
import type { LoadProgress } from '../load/load-types';
import { asUsage } from './as-usage';
import { type LoadFlags, loadOptions } from './load-options';
import { parseDuration, parseDurationRange } from './parse-duration';
import { parseHeader } from './parse-header';
import { parseObjective } from './parse-objective';
import { parseWhole, parseWith } from './parse-with';
import { printableText } from './printable';
import { complainOfConfiguration, type Session } from './session';
import { uncaughtErrors } from './uncaught-errors';

/** Adds `unite load`. */
export function addLoadCommand(program: Command, session: Session): void {
  const time = parseWith(parseDuration);
  program
    .command('load')
    .description('load a server with virtual users that think between requests')
    .argument('[target]', 'http:// or https:// with host and port; the one of the configuration without')
    .option(
      '--users <count>',
      'virtual users, each with a connection of its own; 10 without',
      parseWith(parseWhole),
    )
    .option(
      '--think <time>',
      'between requests of a user, such as 1s-2s; 3s-5s without',
      parseWith(parseDurationRange),
    )
    .option('--duration <time>', 'measured time, such as 60s; 30s without', time)
    .option('--ramp <time>', 'over which the users come, before; a tenth of the duration without', time)
    .option('--timeout <time>', 'after which a request has failed; 30s without', time)
    .option('--header <header>', "such as 'accept: text/html'; may be given again", parseWith(parseHeader))
    .option('--method <method>', 'of the one request, instead of those in the configuration')
    .option('--body <text>', 'of the one request; then POST, unless --method says otherwise')
    .option('--seed <number>', 'the same random choices again', parseWith(parseWhole))
    .option(
      '--slo <objective>',
      "such as 'p95<200ms', 'errors<0.1%', 'rps>500'; may be given again",
      parseWith(parseObjective),
    )
    .action(async (target: string | undefined, flags: LoadFlags) => {
      session.exitCode = await load(session, target, flags);
    });
}

async function load(session: Session, target: string | undefined, flags: LoadFlags): Promise<number> {
  const { terminal, signal } = session;
  const options = loadOptions(target, flags, configuredLoad(session, target));
  // Only who makes a load pays for the engine.
  const { runLoad } = await import('../load/run-load');
  const { formatLoadReport } = await import('../load/format-load-report');
  const report = await asUsage(
    'runLoad',
    runLoad({
      ...options,
      signal,
      onProgress: (progress) => terminal.isWatched && terminal.note(progressLine(progress)),
    }),
  );
  const uncaught = await uncaughtErrors(session);
  const kept = report.kept && uncaught.length === 0;
  terminal.print(printableText(formatLoadReport(report)));
  terminal.printJson({ ...report, kept, uncaught });
  return kept ? 0 : 1;
}

/** A target on the command line needs no configuration, so one that is broken does not stand in its way. */
function configuredLoad(
  { configuration, terminal }: Session,
  target: string | undefined,
): UniteConfig['load'] {
  const { config, error, isNamed } = configuration;
  const isNeeded = isNamed || (target === undefined && error?.code === 'UNITE_OPS_CONFIG_INVALID');
  if (error && isNeeded) throw error;
  complainOfConfiguration(configuration, terminal);
  return config.load;
}

function progressLine({ elapsedMs, users, requestsPerSecond, p95Ms, errors }: LoadProgress): string {
  const count = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });
  return [
    `${count(elapsedMs / 1_000)} s`,
    `${count(users)} users`,
    `${count(requestsPerSecond)} requests/s`,
    `p95 ${count(p95Ms)} ms`,
    `${count(errors)} errors`,
  ].join('  ');
}
