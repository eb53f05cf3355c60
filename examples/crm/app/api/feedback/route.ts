import { methodNotAllowed } from '@unite/problem/next';
import { z } from 'zod';
import { apm, events } from '@/lib/apm';
import { requireSession } from '@/lib/current-session';
import { problems, route } from '@/lib/unite';
import { readBody } from '@/lib/validate';

const feedback = z.object({
  message: z.string().trim().min(1, 'Say what happened').max(2_000, 'At most 2,000 characters'),
  eventId: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'Is no id of an error')
    .optional(),
  /** What an error screen knows of the error. */
  digest: z.string().max(100).optional(),
});

/** What a person says about an error, or about anything. Nothing of a plan is used by it. */
export const POST = route(
  async (request) => {
    requireSession();
    const { message, eventId, digest } = await readBody(request, feedback);
    const isSent = apm.feedback({ message, eventId: eventId ?? eventOf(digest) });
    return Response.json({ isSent }, { status: 202 });
  },
  { quota: false },
);

function eventOf(digest: string | undefined): string | undefined {
  return digest && events.events().find(({ tags }) => tags['next.digest'] === digest)?.id;
}

const refuse = methodNotAllowed(problems, ['POST']);
export const GET = route(refuse.GET);
export const PUT = route(refuse.PUT);
export const PATCH = route(refuse.PATCH);
export const DELETE = route(refuse.DELETE);
