'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { Icon } from '../icon';
import styles from './list-tools.module.css';

const pauseMs = 200;

/**
 * Searches while one types. The first change of a search makes a step in the browser's history, the rest
 * replace it, so that one step back is the list before the search. Without script it is a plain form.
 */
export function SearchBox({ label }: { readonly label: string }) {
  const parameters = useSearchParams();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hasStep = useRef(false);
  const wanted = useRef<string>(undefined);
  const q = parameters.get('q') ?? '';

  // Back and forward change the address under the field; what is being typed wins.
  useEffect(() => {
    if (wanted.current === q) wanted.current = undefined;
    if (wanted.current === undefined && input.current) input.current.value = q;
  }, [q]);

  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, []);

  function search(value: string) {
    const text = value.trim();
    clearTimeout(timer.current);
    if (text === (new URLSearchParams(window.location.search).get('q') ?? '')) {
      wanted.current = undefined;
      return;
    }
    const next = new URLSearchParams(window.location.search);
    next.delete('page');
    if (text) next.set('q', text);
    else next.delete('q');
    const address = next.size === 0 ? '/contacts' : `/contacts?${next}`;
    wanted.current = text;
    window.history[hasStep.current ? 'replaceState' : 'pushState'](null, '', address);
    hasStep.current = true;
  }

  return (
    <search className={styles.search}>
      <form
        action="/contacts"
        onSubmit={(event) => {
          event.preventDefault();
          search(input.current?.value ?? '');
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          className="input"
          type="search"
          name="q"
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          defaultValue={q}
          aria-label={label}
          aria-keyshortcuts="/"
          placeholder={label}
          onFocus={() => {
            hasStep.current = false;
          }}
          // Before what is clicked leads elsewhere: the way back is then to the search.
          onBlur={({ currentTarget }) => {
            if (wanted.current !== undefined) search(currentTarget.value);
          }}
          onChange={({ currentTarget: { value } }) => {
            wanted.current = value.trim();
            clearTimeout(timer.current);
            timer.current = setTimeout(() => search(value), pauseMs);
          }}
        />
      </form>
    </search>
  );
}

/** Whether a key is a part of what somebody writes. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
