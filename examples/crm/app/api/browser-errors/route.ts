import { browserErrorsHandler } from '@unite/apm/next';
import { methodNotAllowed } from '@unite/problem/next';
import { apm } from '@/lib/apm';
import { problems, route } from '@/lib/unite';

/** What went wrong in a page. Costs nothing of a plan, and is no request worth a trace. */
export const POST = route(browserErrorsHandler(apm), { quota: false, tracing: false, apm: false });

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET, { quota: false });
export const PUT = route(refuse.PUT, { quota: false });
export const PATCH = route(refuse.PATCH, { quota: false });
export const DELETE = route(refuse.DELETE, { quota: false });
