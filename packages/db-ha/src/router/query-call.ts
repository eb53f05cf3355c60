import { objectOf } from './tree';

/** How `pg` answers where no promise is wanted. */
export type Callback = (error: unknown, result?: unknown) => void;

/** One call of `query`, taken apart. */
export interface QueryCall {
  /** The arguments without a callback, to be handed on as they are. */
  readonly args: readonly unknown[];
  readonly callback: Callback | undefined;
  /** The statement; `undefined` where the first argument answers for itself. */
  readonly text: string | undefined;
}

/** Takes apart `query(text)`, `query(text, values)`, `query(config, callback)` and so on, as `pg` has them. */
export function readQueryCall(args: readonly unknown[]): QueryCall {
  const last = args.at(-1);
  const callback = args.length > 1 && typeof last === 'function' ? (last as Callback) : undefined;
  return { args: callback ? args.slice(0, -1) : args, callback, text: textOf(args[0]) };
}

/** A cursor submits itself, and a configuration with its own callback is answered through that. */
function textOf(statement: unknown): string | undefined {
  if (typeof statement === 'string') return statement;
  const { text, submit, callback } = objectOf(statement);
  return typeof text === 'string' && typeof submit !== 'function' && typeof callback !== 'function'
    ? text
    : undefined;
}

/** Gives the result through the callback where there is one; what that throws is nobody's rejection. */
export function answer(
  result: Promise<unknown>,
  callback: Callback | undefined,
): Promise<unknown> | undefined {
  if (!callback) return result;
  result.then(
    (value) => process.nextTick(callback, undefined, value),
    (error) => process.nextTick(callback, error),
  );
  return undefined;
}
