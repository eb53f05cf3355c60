import { useId } from 'react';
import styles from './form.module.css';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly isWide?: boolean | undefined;
  readonly isRequired?: boolean | undefined;
  /** Gets what ties the control to its label, hint and error. */
  readonly children: (control: ControlProps) => React.ReactNode;
}

export interface ControlProps {
  readonly id: string;
  readonly name: string;
  readonly className: string;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-required': true | undefined;
}

/** A label, a control, and what is wrong with it. */
export function Field({ label, name, error, hint, isWide, isRequired, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={isWide ? `${styles.field} ${styles.wide}` : styles.field}>
      <label htmlFor={id}>
        {label}
        {isRequired && <span className={styles.required}> required</span>}
      </label>
      {children({
        id,
        name,
        className: 'input',
        'aria-invalid': error ? true : undefined,
        'aria-describedby': note ? `${id}-note` : undefined,
        'aria-required': isRequired || undefined,
      })}
      {note && (
        <p id={`${id}-note`} className={error ? styles.error : styles.hint}>
          {error && <ErrorSign />}
          {note}
        </p>
      )}
    </div>
  );
}

function ErrorSign() {
  return (
    <svg aria-hidden="true" width="12" height="12" viewBox="0 0 12 12">
      <path d="M6 .8 11.6 11H.4z" fill="currentColor" />
    </svg>
  );
}
