/** A request that changes nothing, whoever makes it. */
export interface SafeExample {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** Without the session of whoever looks. */
  readonly asNobody?: boolean;
}

/** Requests that are refused with a problem of this kind, for its page to make. Other kinds have no safe one. */
export const safeExamples: Readonly<Record<string, SafeExample>> = {
  validation: { method: 'POST', path: '/api/contacts', body: {} },
  'sign-in-required': { method: 'GET', path: '/api/contacts', asNobody: true },
  'contact-not-found': { method: 'GET', path: '/api/contacts/00000000-0000-4000-8000-000000000000' },
};
