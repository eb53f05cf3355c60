'use client';

import { useEffect, useRef, useState } from 'react';
import { StatusMark, type StatusMarkProps } from '../status-mark';
import type { Verdict } from './verdict';
import styles from './verdict-banner.module.css';

const quietMs = 10_000;

const marks: Readonly<Record<Verdict['level'], StatusMarkProps>> = {
  healthy: { shape: 'check', tone: 'ok', children: 'Healthy' },
  degraded: { shape: 'triangle', tone: 'warn', children: 'Degraded' },
  down: { shape: 'cross', tone: 'critical', children: 'Down' },
};

/** How it is, above all else. Heard too when it changes, though not more often than one can listen. */
export function VerdictBanner({ verdict: { level, sentence } }: { readonly verdict: Verdict }) {
  const said = useSeldom(`${marks[level].children}: ${sentence}`);
  return (
    <>
      <p className={`${styles.banner} ${styles[level]}`}>
        <strong>
          <StatusMark {...marks[level]} />
        </strong>
        <span>{sentence}</span>
      </p>
      <p role={level === 'down' ? 'alert' : 'status'} className="hidden-visually">
        {said}
      </p>
    </>
  );
}

/** `text`, changing at most once in ten seconds; nothing at first, for that has been read with the page. */
function useSeldom(text: string): string {
  const [said, setSaid] = useState('');
  const last = useRef({ text, atMs: Number.NEGATIVE_INFINITY });

  useEffect(() => {
    if (last.current.text === text) return;
    const waitMs = Math.max(0, last.current.atMs + quietMs - performance.now());
    const timer = setTimeout(() => {
      last.current = { text, atMs: performance.now() };
      setSaid(text);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text]);

  return said;
}
