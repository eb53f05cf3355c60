import { z } from 'zod';

/** A server that was killed takes a moment to answer again. */
const timeoutMs = 12_000;

/** Breaks and mends the servers of `npm start`, which brought them up. */
export interface DrillControl {
  /** Which servers there are. */
  readonly servers: readonly string[];
  /**
   * @returns when the server is mended by itself, in milliseconds since the epoch; absent after `start`
   * @throws Error that says what came of it
   */
  tell(server: string, action: 'kill' | 'freeze' | 'start'): Promise<number | undefined>;
}

const answerSchema = z.object({ untilMs: z.number().optional(), error: z.string().optional() });

/** The control at this address. Nothing is asked of it yet. */
export function drillControl({
  url,
  token,
  servers,
}: {
  readonly url: string;
  readonly token: string;
  readonly servers: readonly string[];
}): DrillControl {
  return {
    servers,
    async tell(server, action) {
      const response = await fetch(new URL(`/${server}/${action}`, url), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { untilMs, error } = answerSchema.parse(await response.json());
      if (!response.ok) throw new Error(error ?? `The control answered ${response.status}`);
      return untilMs;
    },
  };
}
