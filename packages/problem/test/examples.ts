import { defineProblems } from '../src';
import { acceptLanguage } from '../src/languages';

/** The registry of RFC 9457's examples and a few more, without a context unless one is given. */
export function exampleProblems(options: Partial<Parameters<typeof defineProblems>[0]> = {}) {
  return defineProblems({
    baseUrl: 'https://api.example.com/errors/',
    context: () => undefined,
    language: acceptLanguage(),
    ...options,
    types: exampleTypes,
  });
}

export const exampleTypes = {
  validation: {
    status: 400,
    title: 'Validation Error',
    description: 'A field is missing or malformed.',
    fix: 'Correct the fields that errors lists.',
    translations: { de: { title: 'Ungültige Eingabe', fix: 'Bitte die Felder korrigieren.' } },
    example: { detail: 'Email field is required', errors: [{ field: 'email', message: 'Required' }] },
  },
  'contact-not-found': { status: 404, title: 'Contact not found' },
  'database-unavailable': { status: 503, title: 'Database unavailable', headers: { 'Retry-After': '5' } },
  'https://example.com/probs/out-of-credit': {
    status: 403,
    title: 'You do not have enough credit.',
    extensions: { balance: { type: 'number', description: 'What is left.' }, accounts: { type: 'array' } },
  },
} as const;

export const request = new Request('https://api.example.com/api/contacts?token=secret');

/** A fresh request to the same place. */
export function requestWith(headers: Record<string, string>, method = 'GET'): Request {
  return new Request('https://api.example.com/api/contacts?token=secret', { method, headers });
}
