export const dynamic = 'force-dynamic';

/** The process answers. Depends on nothing: a restart would cure no dependency. */
export const GET = () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
