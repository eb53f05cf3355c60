import { describe, expect, test } from '@jest/globals';
import type { SpanNode, StoredTrace } from '@unite/tracing/store';
import { api, signIn } from './support/api';
import { traceIdOf } from './support/traces';

describe('the trace of a request', () => {
  test('is named in the answer, and shows where its time went', async () => {
    const answer = await api('/api/contacts?q=quill');
    const trace = await traceOf(traceIdOf(answer));
    expect([trace.name, trace.roots.length]).toEqual(['GET /api/contacts', 1]);
    // The span of the proxy, and of the route behind it.
    const [root, ...below] = flat(trace.roots);
    expect(root?.attributes).toMatchObject({ 'unite.sampling.reason': 'all' });
    expect(below.find(({ name }) => name === trace.name)?.attributes).toMatchObject({
      'http.route': '/api/contacts',
      'http.response.status_code': 200,
      'unite.request_id': answer.headers.get('x-request-id'),
    });
    const names = flat(trace.roots).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['quota check', expect.stringMatching(/^cache get /)]));
  });

  test('stands in every problem document', async () => {
    for (const [path, options] of [
      ['/api/contacts/00000000-0000-4000-8000-000000000000', {}],
      ['/api/contacts', { method: 'POST', json: {} }],
      ['/api/nowhere', {}],
      ['/api/contacts', { workspace: 'nobody' }],
    ] as const) {
      const answer = await api(path, options);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect({ path, traceId: (answer.json as { traceId?: string }).traceId }).toEqual({
        path,
        traceId: traceIdOf(answer),
      });
    }
  });

  test('is never one that a client says: its trace starts anew, and points at what was claimed', async () => {
    const claimed = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${claimed}-b7ad6b7169203331-01` };
    const traceId = traceIdOf(await api('/api/contacts', { headers }));
    expect(traceId).not.toBe(claimed);
    const { roots } = await traceOf(traceId);
    expect(roots[0]?.parentSpanId).toBeUndefined();
    expect(roots[0]?.links).toEqual([{ traceId: claimed, spanId: 'b7ad6b7169203331' }]);
  });

  test('is there all the same when what a client says is malformed', async () => {
    const headers = { traceparent: 'ff-zz', baggage: 'x'.repeat(8_000), b3: ',,,' };
    const answer = await api('/api/contacts', { headers });
    expect(answer.status).toBe(200);
    expect((await traceOf(traceIdOf(answer))).roots).toHaveLength(1);
  });

  test('is for owners of its workspace alone', async () => {
    const path = `/api/ops/traces/${traceIdOf(await api('/api/contacts'))}`;
    expect((await api(path)).status).toBe(200);
    expect((await api(path, { cookie: await signIn('harbour-luis') })).status).toBe(403);
    expect((await api(path, { workspace: 'meridian' })).status).toBe(404);
    expect((await api('/api/ops/traces/no-id')).status).toBe(404);
  });

  test('of a page says for whom it was', async () => {
    const cookie = await signIn('harbour-imani');
    const { text } = await api('/contacts', { cookie });
    const traceId = /href="\/ops\/traces\/([0-9a-f]{32})"/.exec(text)?.[1] ?? '';
    expect((await traceOf(traceId)).name).toBe('GET /contacts');
    expect((await api(`/ops/traces/${traceId}`, { cookie })).text).toContain('GET /contacts');
  });
});

/** As the owner of the workspace reads it. */
async function traceOf(traceId: string): Promise<StoredTrace> {
  // A trace ends a moment after its answer.
  for (const deadlineAtMs = Date.now() + 60_000; ; ) {
    const { status, text } = await api(`/api/ops/traces/${traceId}`);
    if (status === 200) return JSON.parse(text) as StoredTrace;
    expect([status, Date.now() < deadlineAtMs]).toEqual([404, true]);
  }
}

function flat(nodes: readonly SpanNode[]): SpanNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.children)]);
}
