import {
  createContext,
  currentContext,
  deriveContext,
  runWithContext,
} from '../../packages/core/dist/context.js';
import { repeated } from './loops.mjs';

/** The request's context: how often it was derived. */
export async function core(axes) {
  const depths = [1, 3, 10, 30, 100];
  await axes.measure({
    name: 'core: derivations of a context',
    operation: 'to derive all of them, each running in the one before',
    x: 'size',
    points: depths.map((x) => ({
      x,
      run: repeated(() => derived(createContext({ tenantId: 'acme' }), x), sync),
    })),
  });
  await axes.measure({
    name: 'core: derivations of the context that is read',
    operation: 'to read the tenant',
    x: 'size',
    points: depths.map((x) => {
      let context = createContext({ tenantId: 'acme' });
      for (let left = x; left > 0; left--) context = deriveContext(context, { route: 'GET /api/contacts' });
      const read = repeated(() => currentContext().tenantId, sync);
      return { x, run: (calls) => runWithContext(context, () => read(calls)) };
    }),
  });
}

const sync = { isAsync: false };

function derived(context, left) {
  if (left === 0) return currentContext().requestId;
  const inner = deriveContext(context, { route: 'GET /api/contacts' });
  return runWithContext(inner, () => derived(inner, left - 1));
}
