import { compose, withContext } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';

const problems = defineProblems({
  baseUrl: 'https://api.example.com/errors/',
  types: { 'no-contacts': { status: 404, title: 'No contacts' } },
});
const route = compose(withContext(), withProblems(problems));

export const GET = route((request) => {
  if (new URL(request.url).searchParams.has('none')) throw problems.error('no-contacts');
  return Response.json([{ id: 1, name: 'Ada' }]);
});
