'use client';

import '@unite/ops/dashboard/tokens.css';
import '@/styles/base.css';
import '@/styles/controls.css';
import { parseProblemDigest } from '@unite/problem/client';
import { Failure } from '@/ui/shell/failure';

/** In the place of everything, where not even the bar on top could be made. */
export default function GlobalErrorScreen({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Unite CRM</title>
        <main id="main">
          <Failure title="Something went wrong">
            <p>The page could not be made. It has been noted with the id below; nothing you saved is lost.</p>
            <code>{parseProblemDigest(error.digest)?.code ?? error.digest}</code>
            <button type="button" className="button" onClick={retry}>
              Try again
            </button>
          </Failure>
        </main>
      </body>
    </html>
  );
}
