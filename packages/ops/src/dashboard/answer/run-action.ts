import type { ScreenSources, Viewer } from '../screens/screen-source-types';
import { readLimitedJson } from './read-limited-json';
import { respondJson, respondProblem } from './responses';

/** Whoever acts is told by then. */
const patienceMs = 10_000;

const names = ['invalidate', 'drill'] as const;
type ActionName = (typeof names)[number];

/** Whether there is an action of this name. */
export function isAction(name: string): name is ActionName {
  return names.some((known) => known === name);
}

/** Does what a button asks for, once it is sure that the dashboard's own page has asked. */
export async function runAction(
  name: ActionName,
  request: Request,
  sources: ScreenSources,
  { mayAct }: Viewer,
): Promise<Response> {
  const refuse = (status: number, title: string, detail: string) =>
    respondProblem(request, status, title, detail);
  if (!sources.hasActions || !mayAct)
    return refuse(403, 'Actions are off', 'They are on in development, or with actions: true.');
  if (!isFromPage(request.headers))
    return refuse(403, 'Not from the dashboard', 'Actions are taken from its own pages alone.');
  if (request.headers.get('content-type')?.split(';', 1)[0]?.trim() !== 'application/json')
    return refuse(415, 'Not JSON', 'The content type must be application/json.');
  const body = await readLimitedJson(request);
  if ('refusal' in body) {
    if (body.refusal === 'too-large') return refuse(413, 'Too large', 'The body may have 4 kB.');
    return refuse(400, 'Not JSON', 'The body must be an object of JSON.');
  }
  const work = name === 'invalidate' ? invalidate(body.value, sources) : await drill(body.value, sources);
  if (typeof work === 'string') return refuse(422, 'Cannot be done', work);
  return (await isDone(work, sources)) ? respondJson({ done: true }) : refuse(503, 'Not done', failed);
}

const failed = 'It failed, or did not end within 10 s; the process says more.';

/** No form and no other site can send the header; a browser says where a request is from. */
function isFromPage(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  return headers.get('x-unite-dashboard') === '1' && (site === null || site === 'same-origin');
}

/** The work, or why there is none. */
type Work = (() => unknown) | string;

function invalidate({ tag }: Readonly<Record<string, unknown>>, { options: { cache } }: ScreenSources): Work {
  if (!cache) return 'No cache is connected.';
  if (typeof tag !== 'string' || tag === '' || tag.length > 200)
    return 'The field "tag" must be a text of 1 to 200 characters.';
  return () => cache.invalidateTags([tag]);
}

async function drill(
  { name, action }: Readonly<Record<string, unknown>>,
  { options: { drills } }: ScreenSources,
): Promise<Work> {
  if (!drills) return 'No drills are connected.';
  if (action !== 'start' && action !== 'stop') return 'The field "action" must be "start" or "stop".';
  const { refusal, drills: known } = await drills.list();
  if (refusal !== undefined && action === 'start') return refusal;
  const found = known.find((one) => one.name === name);
  if (!found) return `The field "name" must be one of ${known.map((one) => one.name).join(', ')}.`;
  return () => drills[action](found.name);
}

async function isDone(work: () => unknown, { clock }: ScreenSources): Promise<boolean> {
  const late = new AbortController();
  try {
    const ends = clock.sleep(patienceMs, late.signal).then(() => false);
    return await Promise.race([Promise.resolve(work()).then(() => true), ends]);
  } catch {
    return false;
  } finally {
    late.abort();
  }
}
