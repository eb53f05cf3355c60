'use client';

import { type ParsedProblem, parseProblem } from '@unite/problem/client';
import { useLayoutEffect, useRef, useState } from 'react';

export type Fields = Readonly<Record<string, string>>;

/** What went wrong with the last attempt. */
export type Failure =
  | { readonly kind: 'problem'; readonly problem: ParsedProblem; readonly document: string }
  /** The server was not reached; the form still holds everything. */
  | { readonly kind: 'offline' };

export interface ProblemFormOptions<Answer> {
  readonly method: 'POST' | 'PATCH';
  readonly url: string;
  readonly body: (fields: Fields) => unknown;
  readonly onSaved: (answer: Answer) => void;
}

/**
 * A form that talks to the API: sends JSON, and puts the problem document of a refusal on the fields it names.
 * Fields are uncontrolled and never reset, so nothing typed is lost, whatever happens.
 */
export function useProblemForm<Answer>({ method, url, body, onSaved }: ProblemFormOptions<Answer>) {
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);
  /** Of what is being created. Kept while nobody can say whether it was, so that sending it again makes no second. */
  const idempotencyKey = useRef<string>(undefined);

  useLayoutEffect(() => {
    if (failure) focusFirst(form.current);
  }, [failure]);

  async function submit(data: FormData) {
    if (isPending) return;
    setPending(true);
    const refusal = await attempt(data).catch((): Failure => ({ kind: 'offline' }));
    setPending(false);
    setFailure(refusal);
  }

  async function attempt(data: FormData): Promise<Failure | undefined> {
    const fields = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
    // Over plain HTTP to another machine browsers have no randomUUID.
    idempotencyKey.current ??= crypto.randomUUID?.();
    const key = method === 'POST' ? idempotencyKey.current : undefined;
    const response = await fetch(url, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body(fields)),
    });
    if (response.status < 500) idempotencyKey.current = undefined;
    const copy = response.clone();
    const problem = await parseProblem(response);
    if (problem) return { kind: 'problem', problem, document: await copy.text() };
    onSaved(await response.json());
    return undefined;
  }

  return {
    failure,
    isPending,
    /** Props of the `<form>`. `action` is what React replays for a form sent before this script had loaded. */
    props: {
      ref: form,
      noValidate: true,
      action: submit,
      onSubmit: (event: React.FormEvent<HTMLFormElement>) => {
        // Without React's own handling, which would empty the fields afterwards.
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      },
    },
    errorOf: (field: string): string | undefined =>
      failure?.kind === 'problem'
        ? failure.problem.errors?.find((error) => error.field === field)?.message
        : undefined,
  };
}

/** Where the work goes on: the first field with an error, else what is said above the fields. */
function focusFirst(form: HTMLFormElement | null) {
  const invalid = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  (invalid ?? form?.querySelector<HTMLElement>('[data-failure]'))?.focus();
}
