import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Envelope, parseEnvelope } from '@sentry/core';

/** The real sidecar of Spotlight, which takes what Sentry takes. */
export interface Spotlight {
  readonly origin: string;
  readonly dsn: string;
  /** The items that it has, of one type. */
  items(type: string): Promise<Record<string, never>[]>;
  clear(): Promise<void>;
  stop(): void;
}

export async function startSpotlight(): Promise<Spotlight> {
  const child: ChildProcess = fork(join(__dirname, 'run-spotlight.mjs'), { stdio: 'ignore' });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    dsn: `http://abc123@127.0.0.1:${port}/7`,
    items: async (type) =>
      (await envelopes()).flatMap(([, items]) =>
        (items as [{ type: string }, Record<string, never>][])
          .filter(([header]) => header.type === type)
          .map(([, payload]) => payload),
      ),
    async clear() {
      await fetch(`${origin}/clear`, { method: 'DELETE' });
    },
    stop: () => void child.kill(),
  };

  /** The stream begins with all that it has; a marker, sent now, tells where that ends. */
  async function envelopes(): Promise<Envelope[]> {
    const marker = `{"event_id":"${'f'.repeat(32)}"}\n{"type":"session"}\n{"marker":"${Math.random()}"}`;
    await fetch(`${origin}/stream`, {
      method: 'POST',
      body: marker,
      headers: { 'content-type': 'application/x-sentry-envelope' },
    });
    const { body } = await fetch(`${origin}/stream`);
    const found: Envelope[] = [];
    let text = '';
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trim())
          .join('\n');
        if (data) found.push(JSON.parse(data));
        if (data.includes(marker.slice(marker.lastIndexOf('\n') + 2, -1))) return found;
      }
    }
    return found;
  }
}

/** The first item of an envelope as it came over the wire. */
export function itemOf(body: Uint8Array): {
  header: Record<string, unknown>;
  payload: Record<string, never>;
} {
  const [header, [item]] = parseEnvelope(body);
  return {
    header: header as Record<string, unknown>,
    payload: item?.[1] as unknown as Record<string, never>,
  };
}
