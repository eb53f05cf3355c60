import { ContextError, compose, withContext } from '@unite/core/next';

const route = compose(withContext(), (handler) => async (request, args) => {
  try {
    return await handler(request, args);
  } catch (error) {
    return Response.json({ code: ContextError.isInstance(error) ? error.code : 'other' }, { status: 504 });
  }
});

/** Pays no heed to its signal. */
export const GET = route(() => new Promise<Response>(() => undefined), { context: { timeoutMs: 50 } });
