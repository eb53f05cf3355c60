import type { ExceptionRecord, StackFrame } from '@unite/apm';
import styles from './panels.module.css';

const relations = { thrown: '', cause: 'Caused by ', aggregated: 'Together with ' } as const;

/** The stack of an error and of what caused it, in the words of the original files where their maps are known. */
export function StackList({ exceptions }: { readonly exceptions: readonly ExceptionRecord[] }) {
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="stack">
      <h2 id="stack">Stack</h2>
      {exceptions.map(({ type, message, frames, relation }, index) => (
        <div key={index}>
          {relation !== 'thrown' && (
            <p className={styles.cause}>
              {relations[relation]}
              {type}: {message}
            </p>
          )}
          <ol className={styles.stack}>
            {frames.map((frame, line) => (
              <li key={line} className={frame.isInApp ? undefined : styles.foreign}>
                <Frame frame={frame} isOpen={line === frames.findIndex(({ source }) => source)} />
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}

/** Where the error was thrown is shown at once, who called it when it is asked for. */
function Frame({ frame, isOpen }: { readonly frame: StackFrame; readonly isOpen: boolean }) {
  const place = <code>{placeOf(frame)}</code>;
  if (!frame.isInApp || !frame.source) return place;
  return (
    <details open={isOpen}>
      <summary>{place}</summary>
      <Source source={frame.source} line={frame.line} />
    </details>
  );
}

function Source({
  source,
  line,
}: {
  readonly source: NonNullable<StackFrame['source']>;
  readonly line: number;
}) {
  const first = line - source.before.length;
  const lines = [...source.before, source.line, ...source.after];
  return (
    <pre className={styles.source}>
      {lines.map((text, index) => (
        <span key={first + index} className={first + index === line ? styles.thrown : undefined}>
          {String(first + index).padStart(4)} {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function placeOf({ function: name, file, line, column }: StackFrame): string {
  // The folder that the application runs in says nothing.
  return `${name ?? '<anonymous>'} (${file.replace(/^.*\/standalone\//, '')}:${line}:${column})`;
}
