import { CodeBlock } from '../code-block';
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
  const { problem, document } = failure;
  return (
    <div className={styles.notice} role="alert" tabIndex={-1} data-failure>
      <p>
        <strong>{problem.title}.</strong> {problem.detail}
      </p>
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

/** The explanation on this server, whatever name the server is reached by. */
function pathOf(type: string): string {
  return URL.canParse(type) ? new URL(type).pathname : type;
}
