'use client';

import { type ParsedProblem, parseProblem } from '@unite/problem/client';
import { useLayoutEffect, useRef, useState } from 'react';

export type Fields = Readonly<Record<string, string>>;

/** What went wrong with the last attempt. */
export type Failure =
  | { readonly kind: 'problem'; readonly problem: ParsedProblem; readonly document: string }
  /** The server was not reached; the form still holds everything. */
  | { readonly kind: 'offline' }
  /** Nothing was sent: no field of the API takes as much. */
  | { readonly kind: 'too-long'; readonly lengths: Readonly<Record<string, number>> };

export interface ProblemFormOptions<Answer> {
  readonly method: 'POST' | 'PATCH';
  readonly url: string;
  /** Of one field, in characters. @default 10_000 */
  readonly maxLength?: number;
  readonly body: (fields: Fields) => unknown;
  readonly onSaved: (answer: Answer) => void;
}

/**
 * A form that talks to the API: sends JSON, and puts the problem document of a refusal on the fields it names.
 * Fields are uncontrolled and never reset, so nothing typed is lost, whatever happens.
 */
export function useProblemForm<Answer>({
  method,
  url,
  maxLength = 10_000,
  body,
  onSaved,
}: ProblemFormOptions<Answer>) {
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<Failure>();
  const [isPending, setPending] = useState(false);
  /** At once, for a second click that comes before the form has been drawn anew. */
  const isSending = useRef(false);
  /** Of what is being created. Kept while nobody can say whether it was, so that sending it again makes no second. */
  const idempotencyKey = useRef<string>(undefined);

  useLayoutEffect(() => {
    if (failure) focusFirst(form.current);
  }, [failure]);

  async function submit(data: FormData) {
    if (isSending.current) return;
    isSending.current = true;
    setPending(true);
    const refusal = await attempt(data).catch((): Failure => ({ kind: 'offline' }));
    isSending.current = false;
    setPending(false);
    setFailure(refusal);
  }

  async function attempt(data: FormData): Promise<Failure | undefined> {
    const fields = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
    const tooLong = Object.entries(fields).filter(([, value]) => value.length > maxLength);
    if (tooLong.length > 0) {
      const lengths = Object.fromEntries(tooLong.map(([name, { length }]) => [name, length]));
      return { kind: 'too-long', lengths };
    }
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
    /** What is wrong with a field, or with one of the entries of a list. */
    errorOf: (name: string): string | undefined => {
      if (failure?.kind === 'problem')
        return failure.problem.errors?.find(({ field }) => field === name || field?.startsWith(`${name}[`))
          ?.message;
      const length = failure?.kind === 'too-long' ? failure.lengths[name] : undefined;
      if (length === undefined) return undefined;
      return `At most ${maxLength.toLocaleString('en')} characters, and this has ${length.toLocaleString('en')}`;
    },
  };
}

/** Where the work goes on: the first field with an error, else what is said above the fields. */
function focusFirst(form: HTMLFormElement | null) {
  const invalid = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  (invalid ?? form?.querySelector<HTMLElement>('[data-failure]'))?.focus();
}
