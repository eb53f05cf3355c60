import { StatusMark } from './status-mark';

export interface HttpStatusProps {
  readonly status: number;
  readonly isAborted: boolean;
}

/** What went wrong has a shape; what went well is a number alone. */
export function HttpStatus({ status, isAborted }: HttpStatusProps) {
  if (isAborted) {
    return (
      <StatusMark shape="dashed" tone="muted">
        aborted
      </StatusMark>
    );
  }
  if (status >= 500) {
    return (
      <StatusMark shape="cross" tone="critical">
        {status}
      </StatusMark>
    );
  }
  if (status >= 400) {
    return (
      <StatusMark shape="triangle" tone="warn">
        {status}
      </StatusMark>
    );
  }
  return (
    <StatusMark shape="ring" tone="muted">
      {status}
    </StatusMark>
  );
}
