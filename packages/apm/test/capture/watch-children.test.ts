import type { ChildProcess } from 'node:child_process';
import type { Worker as ClusterWorker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import type { CaptureOptions } from '../../src';
import { watchChildProcess, watchWorker } from '../../src';

function recorder() {
  const told: unknown[] = [];
  const apm = {
    captureError(error: unknown, options?: CaptureOptions) {
      told.push([String(error), options]);
      return undefined;
    },
  };
  return { told, apm };
}

/** What Node.js makes is of the shapes that are asked for. */
export const accepts = {
  worker: (worker: Worker) => watchWorker(recorder().apm, worker),
  child: (child: ChildProcess) => watchChildProcess(recorder().apm, child),
  clusterWorker: (worker: ClusterWorker) => watchChildProcess(recorder().apm, worker),
};

describe('watchWorker', () => {
  it('tells of one failure once, and of none after the watch', () => {
    const { told, apm } = recorder();
    const worker = Object.assign(new EventEmitter(), { threadId: 4 });
    worker.on('error', () => undefined);
    watchWorker(apm, worker);
    worker.emit('error', new Error('x'));
    worker.emit('exit', 1);
    const end = watchWorker(apm, worker);
    end();
    worker.emit('exit', 1);
    watchWorker(apm, worker);
    worker.emit('exit', 0);
    watchWorker(apm, worker);
    worker.emit('exit', 3);
    expect(told).toEqual([
      ['Error: x', { kind: 'worker', extra: { threadId: 4 } }],
      [
        'WorkerExit: A worker thread exited with code 3',
        { kind: 'worker', tags: { exit_code: '3' }, extra: { threadId: 4 } },
      ],
    ]);
    expect(worker.eventNames()).toEqual(['error']);
  });

  it('leaves an error that nobody hears to whoever emits it', () => {
    const { told, apm } = recorder();
    const worker = Object.assign(new EventEmitter(), { threadId: 4 });
    watchWorker(apm, worker);
    expect(() => worker.emit('error', new Error('unheard'))).toThrow('unheard');
    expect(told).toHaveLength(1);
  });
});

describe('watchChildProcess', () => {
  it('tells of the end of a worker of a cluster', () => {
    const { told, apm } = recorder();
    const worker = Object.assign(new EventEmitter(), { process: { pid: 77 } });
    watchChildProcess(apm, worker);
    worker.emit('exit', null, 'SIGSEGV');
    worker.emit('exit', 1, null);
    expect(told).toEqual([
      [
        'ChildProcessExit: A child process ended by SIGSEGV',
        { kind: 'child-process', tags: { exit_signal: 'SIGSEGV' }, extra: { processId: 77 } },
      ],
    ]);
  });

  it('tells of an error of a child that goes on, and of its end', () => {
    const { told, apm } = recorder();
    const child = Object.assign(new EventEmitter(), { pid: 78 });
    child.on('error', () => undefined);
    watchChildProcess(apm, child);
    child.emit('error', new Error('message not sent'));
    child.emit('exit', 2, null);
    watchChildProcess(apm, child);
    child.emit('exit', 0, null);
    expect(told).toHaveLength(2);
  });

  it('tells once that a child could not be started', () => {
    const { told, apm } = recorder();
    const child = new EventEmitter();
    child.on('error', () => undefined);
    watchChildProcess(apm, child);
    child.emit('error', new Error('ENOENT'));
    child.emit('exit', -2, null);
    expect(told).toHaveLength(1);
  });
});
