/** Compiled by `tsc`, never run: what must and must not type-check. */
import type { AnyProblems, ProblemExtensions, ProblemSlug } from '../src';
import { defineProblems, ProblemError } from '../src';
import { isProblem, type ParsedProblem } from '../src/client';
import { readJson, type StandardSchema } from '../src/validate';

const problems = defineProblems({
  baseUrl: '/errors/',
  types: {
    validation: { status: 400, title: 'Validation Error' },
    'out-of-credit': {
      status: 403,
      title: 'Out of credit',
      extensions: { balance: { type: 'number' }, accounts: { type: 'array' }, free: {} },
    },
  },
  map: (error) => (error === 1 ? { type: 'validation' } : undefined),
});

problems.error('validation', { detail: 'x', extensions: { anything: 1 } });
problems.error('quota-exceeded', { extensions: { 'violated-policies': ['daily'] } });
problems.error(404);
problems.error('out-of-credit', { extensions: { balance: 30, accounts: ['a'], free: Symbol.iterator } });
const code: 'validation' = problems.error('validation').code;

// @ts-expect-error a slug that the registry does not have
problems.error('validaton');
// @ts-expect-error an extension of another type
problems.error('out-of-credit', { extensions: { balance: '30' } });
// @ts-expect-error an extension that the type does not declare
problems.error('out-of-credit', { extensions: { balnce: 30 } });
// @ts-expect-error an occurrence cannot have a status of its own
problems.error('validation', { status: 422 });
// @ts-expect-error a status is an integer, not a text
defineProblems({ baseUrl: '/', types: { a: { status: '400', title: 'x' } } });
// @ts-expect-error map may name known types only
defineProblems({ baseUrl: '/', types: {}, map: () => ({ type: 'nope' }) });

const slug: ProblemSlug<typeof problems> = 'out-of-credit';
// @ts-expect-error not a slug of this registry
const wrong: ProblemSlug<typeof problems> = 'nope';
const extensions: ProblemExtensions<typeof problems, 'out-of-credit'> = { balance: 30 };

declare const value: unknown;
declare const schema: StandardSchema;
isProblem<typeof problems>(value, 'out-of-credit');
// @ts-expect-error the client knows the registry's slugs
isProblem<typeof problems>(value, 'nope');

declare const parsed: ParsedProblem;
// What is not of one type is a problem still.
export const detailOf = isProblem(parsed, 'validation') ? parsed.errors : parsed.detail;
export const titleOf = isProblem<typeof problems>(parsed, 'out-of-credit') ? parsed.extensions : parsed.title;

// What was thrown, by whichever copy of the package.
export const thrown = ProblemError.isInstance(value) ? (value.problem.status satisfies number) : value;

// Adapters take any registry.
const any: AnyProblems = problems;

const bare = defineProblems({ baseUrl: '/', types: {} });
readJson(problems, new Request('/'), schema);
// @ts-expect-error a registry without the type `validation` cannot say what is wrong with a body
readJson(bare, new Request('/'), schema);

export { any, code, extensions, slug, wrong };
