import { healthRoute } from '@unite/ops/next';
import { lifecycle } from '@/lib/unite';

export const dynamic = 'force-dynamic';

/** `live`, `startup`, `ready`, and `ready/write` for who sends writes. */
export const GET = healthRoute(lifecycle);
