import { StatusMark } from './status-mark';

export function TraceOutcome({ hasError }: { readonly hasError: boolean }) {
  return hasError ? (
    <StatusMark shape="cross" tone="critical">
      failed
    </StatusMark>
  ) : (
    <StatusMark shape="ring" tone="muted">
      fine
    </StatusMark>
  );
}
