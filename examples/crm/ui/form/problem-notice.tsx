import { CodeBlock } from '../code-block';
import { quotaSentence } from '../quota-sentence';
import styles from './form.module.css';
import type { Failure } from './use-problem-form';

/** Why the form was not saved, with the document the API answered and the page that explains its type. */
export function ProblemNotice({
  failure,
  children,
}: {
  failure: Failure | undefined;
  children?: React.ReactNode;
}) {
  if (!failure) return null;
  if (failure.kind === 'offline') {
    return (
      <div className={styles.notice} role="alert" tabIndex={-1} data-failure>
        <p>
          <strong>The server was not reached.</strong> What you typed is still here. Try again in a moment.
        </p>
      </div>
    );
  }
  if (failure.kind === 'too-long') {
    return (
      <div className={styles.notice} role="alert" tabIndex={-1} data-failure>
        <p>
          <strong>That is too long.</strong> Nothing was sent, and what you typed is still here.
        </p>
      </div>
    );
  }
  const { problem, document } = failure;
  return (
    <div className={styles.notice} role="alert" tabIndex={-1} data-failure>
      <p>
        <strong>{problem.title}.</strong> {quotaSentence(problem) ?? problem.detail}
      </p>
      {quotaSentence(problem) && (
        <p>
          <a href="/usage">See what is used, and the plans</a>
        </p>
      )}
      {problem.status === 401 && (
        <p>
          You are signed out, and what you typed is still here.{' '}
          <a href="/" target="_blank" rel="noreferrer">
            Sign in in a new tab
          </a>
          , then try again.
        </p>
      )}
      {children}
      <details>
        <summary>Problem document</summary>
        <CodeBlock label="Problem document">{indented(document)}</CodeBlock>
        {problem.type !== 'about:blank' && <a href={pathOf(problem.type)}>What this problem means</a>}
      </details>
    </div>
  );
}

function indented(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}

/** An explanation of this application is on this server, whatever name that is reached by; a registered type is not. */
function pathOf(type: string): string {
  if (!URL.canParse(type)) return type;
  const { pathname } = new URL(type);
  return pathname.startsWith('/errors/') ? pathname : type;
}
