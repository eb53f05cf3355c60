import type { DashboardPlace } from '../dashboard-types';
import { isScreen, readScreen } from '../screens/read-screen';
import { readTracePage } from '../screens/read-trace-page';
import type { ScreenSources, Viewer } from '../screens/screen-source-types';
import type { FrameStream } from '../stream/frame-stream';
import { renderAsset, renderPage } from './render-page';
import { respondJson, respondProblem } from './responses';
import { isAction, runAction } from './run-action';

const traceId = /^[0-9a-f]{16,32}$/;

/** Answers somebody who may look. */
export async function answerRequest(
  request: Request,
  place: DashboardPlace,
  viewer: Viewer,
  sources: ScreenSources,
  stream: FrameStream,
): Promise<Response> {
  const path = pathBelow(request, place.basePath);
  const [first = '', second, ...more] = path ?? [];
  if (path === undefined || more.length > 1) return notFound(request);
  const isGet = request.method === 'GET' || request.method === 'HEAD';

  if (first === 'actions') {
    if (second === undefined || more.length > 0 || !isAction(second)) return notFound(request);
    if (request.method !== 'POST') return wrongMethod(request, 'POST');
    return runAction(second, request, sources, viewer);
  }
  const found = await findPage(request, path, place, viewer, sources, stream);
  if (!found) return notFound(request);
  return isGet ? found() : wrongMethod(request, 'GET, HEAD');
}

/** What is there to be read, not read yet. */
function findPage(
  request: Request,
  [first = '', second, third]: readonly string[],
  { basePath, native }: DashboardPlace,
  viewer: Viewer,
  sources: ScreenSources,
  stream: FrameStream,
): (() => Response | Promise<Response>) | undefined {
  const page = (snapshot: Parameters<typeof renderPage>[1]) =>
    renderPage(basePath, snapshot, sources.options.nonce?.(request));

  if (first === 'stream' && second === undefined)
    return () => stream.open(request, native, viewer) ?? tooMany(request);
  if (first === 'assets' && second !== undefined && third === undefined) {
    const asset = renderAsset(second);
    return asset && (() => asset);
  }
  const isApi = first === 'api';
  const [screen = 'now', id, extra] = isApi ? [second ?? '', third] : [first || 'now', second, third];
  if (extra !== undefined) return undefined;
  if (id !== undefined) {
    if (screen !== 'traces' || !traceId.test(id)) return undefined;
    return async () => {
      const trace = await readTracePage(sources, viewer, id);
      return isApi ? respondJson(trace) : page(trace);
    };
  }
  if (!isScreen(screen)) return undefined;
  return async () => {
    const snapshot = await readScreen(sources, viewer, screen);
    return isApi ? respondJson(snapshot) : page(snapshot);
  };
}

/** Segments below the place where the dashboard is. */
function pathBelow({ url }: Request, basePath: string): string[] | undefined {
  const { pathname } = new URL(url);
  if (pathname === basePath) return [];
  if (!pathname.startsWith(`${basePath}/`)) return undefined;
  const rest = pathname.slice(basePath.length + 1).replace(/\/$/, '');
  return rest === '' ? [] : rest.split('/');
}

function notFound(request: Request): Response {
  return respondProblem(request, 404, 'Not found', 'The dashboard has no such page.');
}

function wrongMethod(request: Request, allow: string): Response {
  const detail = `This takes ${allow} alone.`;
  return respondProblem(request, 405, 'Method not allowed', detail, { Allow: allow });
}

function tooMany(request: Request): Response {
  const detail = 'As many viewers as may watch at once are watching. Reload for the latest figures.';
  return respondProblem(request, 503, 'Too many viewers', detail, { 'Retry-After': '10' });
}
