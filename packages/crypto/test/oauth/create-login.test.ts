import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogin } from '../../src/oauth';
import { callbackPath, client, createCrm, origin, secret } from './support/crm';
import { type IdentityProviderProcess, startIdentityProvider } from './support/start-identity-provider';

describe('with a real provider', () => {
  let provider: IdentityProviderProcess;
  beforeAll(async () => {
    provider = await startIdentityProvider({ clients: [client] });
  });
  afterAll(() => provider?.stop());

  test('signs in, goes where it was begun, and signs out', async () => {
    const crm = createCrm(provider.issuer);
    const visitor = crm.newVisitor();
    const callback = await visitor.signInAt(await crm.begin(visitor, '/contacts?page=2'), 'lantern-ada');
    expect(callback.pathname).toBe(callbackPath);
    expect(crm.whoIs(visitor)).toBeUndefined();

    const response = await visitor.visit(callback);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/contacts?page=2');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(crm.whoIs(visitor)).toEqual({ id: 'lantern-ada', name: 'Ada' });
    expect([...(visitor.cookies.get(origin)?.keys() ?? [])]).toEqual(['__Host-session']);

    const left = await visitor.visit(`${origin}/logout`, { method: 'POST' });
    expect([left.status, left.headers.get('location')]).toEqual([303, '/']);
    expect(crm.whoIs(visitor)).toBeUndefined();
  });
});

test('the type of a session is that of the sessions, whatever `toSession` answers', () => {
  const { sessions } = createCrm('http://localhost:1');
  const options = { issuer: 'https://id.example', clientId: 'crm', redirectUri: origin, secrets: [secret] };
  createLogin({ ...options, sessions, toSession: ({ sub }) => (sub === 'ada' ? { id: sub } : null) });
  // @ts-expect-error No person has such a thing.
  createLogin({ ...options, sessions, toSession: ({ sub }) => ({ person: sub }) });
  // @ts-expect-error `false` is no refusal.
  createLogin({ ...options, sessions, toSession: async () => false });
  expect(() => createLogin({ ...options, sessions, toSession: () => undefined })).not.toThrow();
});
