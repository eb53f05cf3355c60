import { healthRoute } from '@unite/ops/next';
import { lifecycle } from '../../../lib/unite';

export const dynamic = 'force-dynamic';
export const GET = healthRoute(lifecycle);
