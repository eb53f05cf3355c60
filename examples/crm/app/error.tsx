'use client';

import { parseProblemDigest } from '@unite/problem/client';
import { Suspense } from 'react';
import { Failure } from '@/ui/shell/failure';
import { whenShown } from '@/ui/when-shown';

/** Every route ships this screen, and few people see it. */
const FeedbackForm = whenShown(() => import('@/ui/feedback-form').then((module) => module.FeedbackForm));

/** A page that could not be made. The message of what was thrown stays on the server; its kind comes along. */
export default function ErrorScreen({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  const known = parseProblemDigest(error.digest);
  const isPassing = known?.status === 503;
  return (
    <Failure title={isPassing ? 'The database cannot be reached' : 'Something went wrong'}>
      <p>
        {isPassing
          ? 'No server answered. This passes; nothing you saved is lost.'
          : 'The page could not be made. It has been noted with the id below.'}
      </p>
      <code>{known?.code ?? error.digest}</code>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
      {!isPassing && (
        <Suspense>
          <FeedbackForm digest={error.digest} />
        </Suspense>
      )}
    </Failure>
  );
}
