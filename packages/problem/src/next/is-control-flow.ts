import { readProperty } from '../read-property';

/** Digests and codes by which Next.js ends a render or a handler on purpose. */
const controlFlow =
  /^(?:NEXT_|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION)/;

/**
 * Whether Next.js or React threw this to steer itself: `redirect()`, `notFound()`, `forbidden()`, dynamic
 * rendering. Such a value must be thrown on. Looks at three causes too, as Next's `unstable_rethrow` does.
 */
export function isControlFlow(error: unknown): boolean {
  let value = error;
  for (let depth = 0; depth <= 3; depth++) {
    if (readProperty(value, '$$typeof') === Symbol.for('react.postpone')) return true;
    if ([readProperty(value, 'digest'), readProperty(value, 'code')].some(steers)) return true;
    value = readProperty(value, 'cause');
  }
  return false;
}

function steers(text: unknown): boolean {
  return typeof text === 'string' && controlFlow.test(text);
}
