import { checkOptions, expects, optionChecks } from '@unite/shared';
import { checkHeaders } from './check-headers';
import type { LoadOptions, LoadRequest } from './load-types';
import { isClosedLoop } from './user-schedule';

const maxUsers = 100_000;
const maxRequestsPerSecond = 100_000;
const dayMs = 86_400_000;

const { positive, object, string, function: isFunction } = optionChecks;
const duration = within('a number of milliseconds above 0, at most a day', 0, dayMs, { isOpen: true });
const list = expects('a list of 1 to 100', (value) => Array.isArray(value) && isWithin(value.length, 1, 100));
const think = expects(
  'two numbers of milliseconds, the smaller first',
  (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    isWithin(value[0], 0, dayMs) &&
    isWithin(value[1], value[0], dayMs),
);
const signal = expects('an AbortSignal', (value) => value instanceof AbortSignal);
const method = expects(
  'an HTTP method such as "POST"',
  (value) => typeof value === 'string' && /^[A-Z]{1,20}$/.test(value) && value !== 'CONNECT',
);
const path = expects(
  'a path such as "/contacts?page=1", without spaces',
  (value) => typeof value === 'string' && /^\/[!-"$-~]*$/.test(value),
);
const statuses = expects(
  'a list of statuses from 200 to 599',
  (value) => Array.isArray(value) && value.length > 0 && value.every((item) => isWholeWithin(item, 200, 599)),
);
const body = expects('text, or anything that JSON can say', isSayable);

/** @throws TypeError that names the option and what it got */
export function checkLoadOptions(options: LoadOptions): void {
  checkOptions(
    'runLoad',
    options,
    {
      target: string,
      requests: list,
      users: wholeWithin('a whole number from 1 to 100,000', 1, maxUsers),
      thinkMs: think,
      durationMs: duration,
      rampMs: within('a number of milliseconds from 0 to a day', 0, dayMs),
      timeoutMs: duration,
      headers: object,
      objectives: object,
      seed: wholeWithin('a whole number from 0 to 4,294,967,295', 0, 2 ** 32 - 1),
      signal,
      onProgress: isFunction,
    },
    ['target'],
  );
  checkTarget(options.target);
  checkHeaders('runLoad', options.headers);
  for (const [at, request] of (options.requests ?? []).entries()) checkRequest(at, request);
  checkNames(options.requests ?? []);
  checkObjectives(options.objectives);
  checkRate(options);
}

function checkTarget(target: string): void {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  // What it got is not shown: it may have a password.
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError('runLoad: option "target" must be a URL of http:// or https://');
  }
  if (url.username || url.password) {
    throw new TypeError('runLoad: option "target" must have no user and no password; use "headers"');
  }
}

function checkRequest(at: number, request: LoadRequest): void {
  const owner = `runLoad: requests[${at}]`;
  checkOptions(
    owner,
    request,
    { name: string, method, path, headers: object, body, weight: positive, expect: statuses },
    ['path'],
  );
  checkHeaders(owner, request.headers);
}

function checkNames(requests: readonly LoadRequest[]): void {
  const names = new Set<string>();
  for (const { method: verb = 'GET', path: place, name = `${verb} ${place}` } of requests) {
    if (names.has(name))
      throw new TypeError(`runLoad: two requests are called "${name}"; give each a "name"`);
    names.add(name);
  }
}

function checkObjectives(objectives: LoadOptions['objectives']): void {
  checkOptions('runLoad: objectives', objectives ?? {}, {
    p50Ms: positive,
    p95Ms: positive,
    p99Ms: positive,
    errorRate: within('a number from 0 to 1', 0, 1),
    requestsPerSecond: positive,
  });
}

/** What is due is counted one by one, so that there must not be more of it than can be counted. */
function checkRate({ users = 10, thinkMs = [3_000, 5_000] }: LoadOptions): void {
  if (isClosedLoop(thinkMs)) return;
  const perSecond = (users * 2_000) / (thinkMs[0] + thinkMs[1]);
  if (perSecond > maxRequestsPerSecond) {
    throw new TypeError(
      `runLoad: ${users} users with "thinkMs" [${thinkMs}] are ${Math.round(perSecond)} requests a second, and at most ${maxRequestsPerSecond} can be made; [0, 0] finds out what the target can take`,
    );
  }
}

function isSayable(value: unknown): boolean {
  try {
    return typeof value === 'string' || JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

function within(demand: string, least: number, most: number, { isOpen = false } = {}) {
  return expects(demand, (value) => isWithin(value, least, most) && !(isOpen && value === least));
}

function wholeWithin(demand: string, least: number, most: number) {
  return expects(demand, (value) => isWholeWithin(value, least, most));
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function isWholeWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && isWithin(value, least, most);
}
