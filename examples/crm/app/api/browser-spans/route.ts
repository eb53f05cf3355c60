import { methodNotAllowed } from '@unite/problem/next';
import { browserSpansHandler } from '@unite/tracing/next';
import { tracing } from '@/lib/tracing';
import { problems, route } from '@/lib/unite';

/** What browsers saw of requests whose traces are kept. Costs nothing of a plan, and is no request worth a trace. */
export const POST = route(browserSpansHandler(tracing), { quota: false, tracing: false, apm: false });

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET, { quota: false });
export const PUT = route(refuse.PUT, { quota: false });
export const PATCH = route(refuse.PATCH, { quota: false });
export const DELETE = route(refuse.DELETE, { quota: false });
