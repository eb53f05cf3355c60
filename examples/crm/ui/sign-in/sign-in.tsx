import { env } from '@/lib/env';
import styles from './sign-in.module.css';

const outcomes: Readonly<Record<string, string>> = {
  expired:
    'The sign-in took too long, was used already, or was not begun here. Nobody is signed in; try again.',
  refused: 'The identity provider, or this application, does not let this person in.',
  unavailable: 'The identity provider does not answer. Try again in a moment.',
};

/** The way in by the identity provider, and how the last attempt ended. */
export function SignIn({ outcome }: { readonly outcome: string | undefined }) {
  const said = outcome === undefined || !Object.hasOwn(outcomes, outcome) ? undefined : outcomes[outcome];
  return (
    <div className={styles.signIn}>
      {said && (
        <p role="alert" className={styles.outcome}>
          {said}
        </p>
      )}
      {env.identityProvider ? (
        // No link of Next.js: this leaves the application.
        <a className="button button-primary" href="/api/session/begin">
          Sign in
        </a>
      ) : (
        <p className="meta">No identity provider is set up.</p>
      )}
      {env.isDemo && (
        <p className="meta">Or be somebody at once, as only a demo lets you: pick a person below.</p>
      )}
    </div>
  );
}
