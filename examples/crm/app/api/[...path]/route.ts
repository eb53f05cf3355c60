import { problemNotFound } from '@unite/problem/next';
import { problems, route } from '@/lib/unite';

/** Paths that no other route answers. */
const notFound = route(problemNotFound(problems), { quota: false });

export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT };
