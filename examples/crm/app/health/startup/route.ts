import { GET as ready } from '../ready/route';

export const dynamic = 'force-dynamic';

/** Done starting: the same answer as `/health/ready`, asked until the first success. */
export const GET = ready;
