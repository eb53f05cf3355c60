'use client';

import { parseProblemDigest } from '@unite/problem/client';
import { Failure } from '@/ui/shell/failure';

/** A page that could not be made. The message of what was thrown stays on the server; its kind comes along. */
export default function ErrorScreen({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  const known = parseProblemDigest(error.digest);
  return (
    <Failure
      title={
        known?.code === 'database-unavailable' ? 'The database cannot be reached' : 'Something went wrong'
      }
    >
      <p>
        {known?.code === 'database-unavailable'
          ? 'No server answered. This passes; nothing you saved is lost.'
          : 'The page could not be made. It has been noted with the id below.'}
      </p>
      {known ? <a href={`/errors/${known.code}`}>What this problem means</a> : <code>{error.digest}</code>}
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </Failure>
  );
}
