import { env } from '@/lib/env';
import styles from './sign-in.module.css';

const outcomes: Readonly<Record<string, string>> = {
  expired:
    'The sign-in took too long, was used already, or was not begun here. Nobody is signed in; try again.',
  refused: 'The identity provider, or this application, does not let this person in.',
  unavailable: 'The identity provider does not answer. Try again in a moment.',
};

interface SignInProps {
  readonly outcome: string | undefined;
  readonly returnTo: string | undefined;
}

/** How the last attempt ended; and the way in, but in a demo, where each person is a way in. */
export function SignIn({ outcome, returnTo }: SignInProps) {
  const said = outcome === undefined || !Object.hasOwn(outcomes, outcome) ? undefined : outcomes[outcome];
  const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo })}`;
  if (!said && env.isDemo) return null;
  return (
    <div className={styles.signIn}>
      {said && (
        <p role="alert" className={styles.outcome}>
          {said}
        </p>
      )}
      {!env.isDemo && env.identityProvider && (
        // No link of Next.js: this leaves the application.
        <a className="button button-primary" href={`/api/session/begin${query}`}>
          Sign in
        </a>
      )}
      {!env.isDemo && !env.identityProvider && <p className="meta">No identity provider is set up.</p>}
    </div>
  );
}
