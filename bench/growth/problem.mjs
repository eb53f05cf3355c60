import { defineProblems } from '../../packages/problem/dist/index.js';
import { repeated } from './loops.mjs';

/** Problem documents: entries of `errors`, and how deep what is marked lies below what was thrown. */
export async function problem(axes) {
  const problems = defineProblems({
    baseUrl: 'https://api.example.com/errors/',
    types: { validation: { status: 400, title: 'Validation Error' } },
  });
  const request = { url: 'https://api.example.com/api/contacts', method: 'POST', headers: new Headers() };
  const render = (error) => repeated(() => problems.render(error, request).body, { isAsync: false });
  await axes.measure({
    name: 'problem: entries of errors',
    operation: 'an answer, 100 entries of it at most',
    x: 'size',
    points: [1, 10, 100, 1_000, 10_000].map((x) => {
      const errors = Array.from({ length: x }, (_, at) => ({
        field: `contacts.${at}.email`,
        message: 'Required',
      }));
      return { x, run: render(problems.error('validation', { detail: 'Some are missing', errors })) };
    }),
    limit: {
      name: 'JSON.stringify of the document',
      points: [1, 10, 100, 1_000, 10_000].map((x) => {
        const errors = Array.from({ length: x }, (_, at) => ({
          field: `contacts.${at}.email`,
          message: 'Required',
        }));
        const document = problems.toJSON(
          problems.error('validation', { detail: 'Some are missing', errors }),
          request,
        );
        return { x, run: repeated(() => JSON.stringify(document), { isAsync: false }) };
      }),
    },
  });
  await axes.measure({
    name: 'problem: causes of an error',
    operation: 'an answer, after three causes at most',
    x: 'size',
    points: [1, 10, 100, 1_000, 10_000].map((x) => {
      let error = new Error('the innermost');
      for (let left = x; left > 0; left--) error = new Error('because of another', { cause: error });
      return { x, run: render(error) };
    }),
  });
  await axes.measure({
    name: 'problem: errors of an AggregateError',
    operation: 'an answer, 100 of them at most',
    x: 'size',
    points: [1, 10, 100, 1_000, 10_000].map((x) => {
      const errors = Array.from({ length: x }, () => problems.error('validation'));
      return { x, run: render(new AggregateError(errors)) };
    }),
  });
}
