import { expect, test } from '@jest/globals';
import { controlFlowStatus } from '../src';

const thrown = (digest: unknown) => Object.assign(new Error(), { digest });

test.each([
  ['a redirect', thrown('NEXT_REDIRECT;replace;/login;307;'), 307],
  ['what is not there', thrown('NEXT_HTTP_ERROR_FALLBACK;404'), 404],
  ['what is not there, in Next.js 15.0', thrown('NEXT_NOT_FOUND'), 404],
  ['steering without a status', thrown('DYNAMIC_SERVER_USAGE'), 0],
  ['an error', new Error(), undefined],
  ['the digest of an error', thrown('1234567'), undefined],
  ['a digest that is no text', thrown(7), undefined],
  ['a text', 'NEXT_REDIRECT', undefined],
  ['null', null, undefined],
])('%s', (_, error, status) => {
  expect(controlFlowStatus(error)).toBe(status);
});
