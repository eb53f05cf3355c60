import { metrics } from '@/lib/apm';

/** What a Prometheus reads. No request of a person: it is not counted, traced or charged. */
export const GET = (request: Request) => metrics.metrics(request);

export const dynamic = 'force-dynamic';
