import { api, cookieOf } from '../../../crm/test/support/api';

/** Signs a person in to the CRM, and gives the cookie. */
export async function signedInAs(userId: string): Promise<string> {
  const origin = process.env.TEST_CRM_ORIGIN;
  return cookieOf(await api('/api/session', { method: 'POST', json: { userId }, origin }), 'crm_session');
}
