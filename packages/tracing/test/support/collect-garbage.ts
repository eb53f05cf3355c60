import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage again and again until `done` settles: what is registered for it is told some turns later. */
export async function collectGarbageUntil<Result>(done: Promise<Result>): Promise<Result> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const collecting = setInterval(collect, 10);
  return done.finally(() => clearInterval(collecting));
}
