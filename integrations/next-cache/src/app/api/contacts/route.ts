import { randomUUID } from 'node:crypto';
import { route } from '@/lib/route';

export const GET = route(() => Response.json({ value: randomUUID() }), {
  cache: { ttlMs: 600_000, tags: () => ['contacts'] },
});
