import { checkOptions, expects, optionChecks } from '@unite/shared';
import { checkLoadOptions } from '../load/check-load-options';
import { timerMs } from '../verify/timer-ms';
import type { DeployGate, DeployOptions, ReleaseCommand } from './deploy-types';

const { boolean, function: isFunction, object, positive, string } = optionChecks;
const signal = expects('an AbortSignal', (value) => value instanceof AbortSignal);
// They become part of a command, where a space or ";" would begin another one.
const proxyName = expects(
  'a name of letters, digits, ".", ":", "_" and "-"',
  (value) => typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value),
);
const twoNames = expects(
  'two different names of servers',
  (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value[0] !== value[1] &&
    !value.some((one) => proxyName(one)),
);
const waitMs = expects(
  'a number of milliseconds from 0 to a day',
  (value) => typeof value === 'number' && value >= 0 && value <= 86_400_000,
);
const share = expects(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
);
const count = expects(
  'a whole number from 1 to 1,000,000',
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1e6,
);
/** With the running release at a weight of 100, the most that a proxy's 256 can be beside it. */
const percents = expects(
  'a list of 1 to 20 rising percents from 1 to 70: beyond, it is promoted',
  (value) =>
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= 20 &&
    value.every(
      (one, at) => typeof one === 'number' && one >= 1 && one <= 70 && (at === 0 || one > value[at - 1]),
    ),
);
const words = expects(
  'a list of words, the program first',
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'string' && !one.includes('\0')) &&
    value[0] !== '',
);
const path = expects(
  'a path such as "/health/ready"',
  (value) => typeof value === 'string' && /^\/[!-~]*$/.test(value),
);
const oneLine = expects(
  'one line of 1 to 200 letters',
  (value) => typeof value === 'string' && /^[^\p{C}]{1,200}$/u.test(value),
);

/** @throws TypeError that names the option and what it got */
export function checkDeployOptions(options: DeployOptions): void {
  checkOptions(
    'deploy',
    options,
    {
      proxy: object,
      slots: twoNames,
      scheme: expects('"http" or "https"', (value) => value === 'http' || value === 'https'),
      start: expects(
        'a function, or { command: [ … ] }',
        (value) => typeof value === 'function' || object(value) === undefined,
      ),
      running: object,
      release: oneLine,
      initial: boolean,
      readiness: object,
      gate: object,
      canary: object,
      watchMs: waitMs,
      drainMs: waitMs,
      stopMs: timerMs,
      stateDirectory: string,
      dryRun: boolean,
      signal,
      onProgress: isFunction,
    },
    ['proxy', 'start'],
  );
  checkOptions('deploy: proxy', options.proxy, { socket: string, backend: proxyName }, ['socket', 'backend']);
  if (typeof options.start !== 'function') checkCommand(options.start);
  checkOptions('deploy: readiness', options.readiness ?? {}, {
    path,
    times: count,
    intervalMs: timerMs,
    timeoutMs: timerMs,
  });
  checkOptions('deploy: canary', options.canary ?? {}, {
    percents,
    stepMs: waitMs,
    minRequests: count,
    patienceMs: waitMs,
    maxErrorRateRise: share,
    maxClientErrorRateRise: share,
    maxSlowdown: positive,
    minSlowdownMs: waitMs,
  });
  checkGate(options.gate ?? {});
}

function checkCommand(start: ReleaseCommand): void {
  checkOptions('deploy: start', start, { command: words, env: object, cwd: string }, ['command']);
}

function checkGate(gate: DeployGate): void {
  checkOptions('deploy: gate', gate, { verify: isFunction, load: object });
  // Now, and not when the release has been started.
  if (gate.load) checkLoadOptions({ ...gate.load, target: 'http://127.0.0.1' });
}
