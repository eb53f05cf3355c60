import { ended } from './definition/ended';
import { textOf } from './entry/entry-codec';
import type { CacheInternals } from './internal-types';
import type { DatabaseSession } from './types';

/** Longest time for which an invalidation waits to learn where the write stands, in milliseconds. */
const timeoutMs = 1_000;

/** How far the session's writes reach, as text for the log; nothing where that is not known. */
export async function databaseToken({ database, clock }: CacheInternals): Promise<string | undefined> {
  if (!database) return undefined;
  const end = new AbortController();
  try {
    const late = clock.sleep(timeoutMs, end.signal).then(
      () => undefined,
      () => undefined,
    );
    const token = await Promise.race([database.sessionToken(), late]);
    return token && textOf.pack(token);
  } catch {
    return undefined;
  } finally {
    end.abort(ended);
  }
}

/** Makes the session see what a token of the log stands for. */
export function seeToken(database: DatabaseSession | undefined, token: string | undefined): void {
  if (token) database?.advanceSession(textOf.unpack(token) as never);
}
