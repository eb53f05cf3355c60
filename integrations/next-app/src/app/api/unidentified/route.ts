import { compose, withContext } from '@unite/core/next';

const identify = () => {
  throw new Error('the session store is down');
};
const route = compose(withContext({ identify }), (handler) => async (request, args) => {
  try {
    return await handler(request, args);
  } catch (error) {
    return Response.json({ message: (error as Error).message }, { status: 503 });
  }
});

export const GET = route(() => Response.json({ message: 'the handler ran' }));
