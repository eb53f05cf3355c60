import { methodNotAllowed } from '@unite/problem/next';
import { login } from '@/lib/login';
import { problems, route } from '@/lib/unite';

/** Sends to the identity provider. `?returnTo=/usage` says where to go afterwards, in a demo `?person=lantern-ada` as whom. */
export const GET = route(
  (request) => {
    if (!login) throw problems.error('sign-in-not-set-up', { detail: 'No identity provider is configured.' });
    return login.begin(request);
  },
  { quota: false },
);

const refuse = methodNotAllowed(problems, ['GET']);
export const POST = route(refuse.POST);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
