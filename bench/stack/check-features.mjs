import { setTimeout as sleep } from 'node:timers/promises';

/** How long an export may take to come, on a busy machine. */
const patienceMs = 20_000;

/**
 * Asks each of the two that are compared for everything that it is to do, and throws where one does less: a figure of
 * one that left work out would be worthless.
 *
 * @returns {Promise<[head: string[], rows: string[][]]>} what was seen
 */
export async function checkFeatures(apps, receiver) {
  const compared = Object.keys(apps).filter((name) => !name.startsWith('bare'));
  const seen = {};
  for (const name of compared) seen[name] = await featuresOf(name, apps[name], receiver);
  const features = Object.keys(seen[compared[0]]);
  return [
    ['', ...compared],
    features.map((feature) => [feature, ...compared.map((name) => seen[name][feature])]),
  ];
}

async function featuresOf(name, { requests, ask }, receiver) {
  const must = (holds, what, got) => {
    if (!holds) throw new Error(`${name} ${what}: ${JSON.stringify(got)}`);
  };
  const isTraced = !name.includes('without-tracing');

  const trivial = await requests.ask({ path: '/trivial/1', headers: { 'x-request-id': 'r-1' } });
  must(trivial.headers['x-request-id'] === 'r-1', "does not keep the request's id", trivial.headers);
  const { 'ratelimit-policy': policy, ratelimit } = trivial.headers;
  for (const limit of ['perMinute', 'apiCallsPerMonth']) {
    must(
      policy?.includes(`"${limit}"`) && ratelimit?.includes(`"${limit}"`),
      `tells nothing of ${limit}`,
      trivial.headers,
    );
  }

  const before = (await ask()).loads;
  const cached = [1, 2, 3].map(() => () => requests.ask({ path: '/cached/1' }));
  for (const read of cached) must((await read()).text.includes('contact-'), 'reads no contact', await read());
  must((await ask()).loads === before + 1, 'does not keep what it loads', { before, ...(await ask()) });
  await requests.ask({ path: '/change/2', method: 'POST' });
  await requests.ask({ path: '/change/1', method: 'POST' });
  await cached[0]();
  must((await ask()).loads >= before + 2, 'serves what was invalidated by its tag', await ask());

  const failed = await requests.ask({ path: '/failing/1' });
  const problem = JSON.parse(failed.text);
  must(failed.status === 500 && isProblem(failed), 'answers an error with no problem document', failed);
  must(problem.requestId && problem.eventId, 'names no request or no event in it', problem);
  must(!isTraced || problem.traceId, 'names no trace in it', problem);

  const tiny = { path: '/trivial/1', tenant: `tiny-${name}` };
  for (const status of [200, 200, 429]) {
    const answer = await requests.ask(tiny);
    must(answer.status === status, `does not answer ${status}`, answer);
    must(status === 200 || isProblem(answer), 'refuses with no problem document', answer);
    must(status === 200 || answer.headers['retry-after'], 'does not say when to come again', answer.headers);
  }

  const { text } = await requests.ask({ path: '/metrics' });
  const counted = text.split('\n').find((line) => /_count\{.*trivial/.test(line));
  must(counted, 'counts no requests', text.slice(0, 2_000));

  await requests.ask({ path: '/reference/1' });
  const came = await exported(name, receiver, { isTraced });
  return {
    'spans of the requests above': isTraced ? String(sum(Object.values(came.spans))) : 'none',
    'errors received': String(came.errors),
    'answers with RateLimit': 'yes',
    'refuses by a problem document': 'yes',
    'keeps, and invalidates by a tag': 'yes',
    'counts requests by route': 'yes',
  };
}

/** Waits until the error came, and spans of the server, of Redis and of PostgreSQL. */
async function exported(name, receiver, { isTraced }) {
  const wanted = isTraced ? [/^GET.*(trivial|cached)/, /evalsha|get|multi|exec/i, /select|query/i] : [];
  for (const endsAtMs = performance.now() + patienceMs; ; await sleep(200)) {
    const came = (await receiver.ask())[name] ?? { errors: 0, spans: {} };
    const spans = Object.keys(came.spans);
    const missing = wanted.filter((pattern) => !spans.some((span) => pattern.test(span)));
    if (came.errors > 0 && missing.length === 0) return came;
    if (performance.now() > endsAtMs) throw new Error(`${name} exports too little: ${JSON.stringify(came)}`);
  }
}

const isProblem = ({ headers }) => headers['content-type']?.startsWith('application/problem+json') ?? false;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
