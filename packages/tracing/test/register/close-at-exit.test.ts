import { EventEmitter } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import type { SetUpFinding } from '../../src/check/check-types';
import { closeAtExit } from '../../src/register/close-at-exit';
import type { Tracing } from '../../src/types';

const report = { exported: 0, lost: 0, timedOut: false };

function setUp(findings: readonly SetUpFinding[] = []) {
  const done: string[] = [];
  const note = (what: string) => async () => {
    done.push(what);
    return report;
  };
  const host = Object.assign(new EventEmitter(), {
    pid: 4242,
    kill: (pid: number, signal: string) => void done.push(`kill ${pid} ${signal}`),
  });
  const tracing = { close: note('close'), flush: note('flush'), check: () => findings } as unknown as Tracing;
  closeAtExit(tracing, host as unknown as NodeJS.Process);
  return { host, done };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('closeAtExit', () => {
  it('closes when there is nothing left to do', async () => {
    const { host, done } = setUp();
    host.emit('beforeExit');
    await settled();
    expect(done).toEqual(['close']);
  });

  it('ends by the signal that came, once all is sent', async () => {
    const { host, done } = setUp();
    host.emit('SIGTERM');
    await settled();
    await settled();
    expect(done).toEqual(['close', 'kill 4242 SIGTERM']);
  });

  it('leaves the end to whoever else listens', async () => {
    const { host, done } = setUp();
    host.on('SIGINT', () => done.push('the application drains'));
    host.emit('SIGINT');
    await settled();
    expect(done).toEqual(['flush', 'the application drains']);
  });

  it('says when nothing could be sent, and only that', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const code = 'UNITE_TRACING_EXPORT_FAILS';
    const { host } = setUp([
      { code: 'UNITE_TRACING_NO_EXPORTER', subject: 'exporters', status: 'warned', detail: 'there is none' },
      { code, subject: 'otlp a', status: 'warned', detail: 'some' },
      { code, subject: 'otlp b', status: 'failed', detail: 'all', remedy: 'Look' },
    ]);
    host.emit('beforeExit');
    await settled();
    expect(warn.mock.calls).toEqual([['otlp b: all. Look', { type: 'UniteWarning', code }]]);
    warn.mockRestore();
  });
});
