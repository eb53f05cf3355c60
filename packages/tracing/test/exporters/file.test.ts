import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createExportPipeline, type FileOptions, file } from '../../src/exporters';
import { endedSpans } from '../support/spans';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unite-tracing-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function linesOf(path: string) {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it('writes one line of OTLP/JSON for each batch, after what is there', async () => {
  const path = join(folder, 'traces.jsonl');
  for (const _ of [1, 2]) {
    const pipeline = createExportPipeline([file({ path })], { maxBatchSpans: 2 });
    pipeline.push(endedSpans(3));
    expect(await pipeline.close(5_000)).toEqual({ exported: 3, lost: 0, timedOut: false });
    expect(pipeline.stats()[0]?.exporter).toBe(`file ${path}`);
  }
  const lines = await linesOf(path);
  expect(lines.map(({ resourceSpans }) => resourceSpans[0].scopeSpans[0].spans.length)).toEqual([2, 1, 2, 1]);
  expect(lines[0].resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
    name: 'span 0',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
  });
});

it('keeps two files of at most that size', async () => {
  const path = join(folder, 'traces.jsonl');
  const maxBytes = 2_000;
  const exporter = file({ path, maxBytes });
  const pipeline = createExportPipeline([exporter], { maxBatchSpans: 1 });
  pipeline.push(endedSpans(20));
  await pipeline.close(5_000);
  expect((await readdir(folder)).sort()).toEqual(['traces.jsonl', 'traces.jsonl.1']);
  for (const name of [path, `${path}.1`]) expect((await stat(name)).size).toBeLessThanOrEqual(maxBytes);
  const newest = (await linesOf(path)).at(-1);
  expect(newest.resourceSpans[0].scopeSpans[0].spans[0].name).toBe('span 19');
});

it('a batch that is larger than that has a file of its own', async () => {
  const path = join(folder, 'traces.jsonl');
  const pipeline = createExportPipeline([file({ path, maxBytes: 1 })], { maxBatchSpans: 1 });
  pipeline.push(endedSpans(2));
  await pipeline.close(5_000);
  expect(await linesOf(path)).toHaveLength(1);
  expect(await linesOf(`${path}.1`)).toHaveLength(1);
});

it('batches that overlap are written in order', async () => {
  const path = join(folder, 'traces.jsonl');
  const exporter = file({ path });
  for (const span of endedSpans(5)) exporter.export([span], () => {});
  await exporter.forceFlush?.();
  const names = (await linesOf(path)).map(
    ({ resourceSpans }) => resourceSpans[0].scopeSpans[0].spans[0].name,
  );
  expect(names).toEqual(['span 0', 'span 1', 'span 2', 'span 3', 'span 4']);
});

it('a folder that is missing is told at the start, and counts as a failure', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const pipeline = createExportPipeline([file({ path: join(folder, 'missing', 'traces.jsonl') })]);
  pipeline.push(endedSpans(2));
  await pipeline.close(5_000);
  expect(pipeline.stats()).toMatchObject([{ failed: 2, lastError: expect.stringContaining('ENOENT') }]);
  expect(warn.mock.calls).toEqual([
    [
      expect.stringContaining(`there is no folder ${join(folder, 'missing')}`),
      { type: 'UniteWarning', code: 'UNITE_TRACING_FOLDER_MISSING' },
    ],
  ]);
  warn.mockRestore();
});

it.each([
  [{}, 'file: option "path" must be a non-empty string, got undefined'],
  [{ path: 'a', maxBytes: 0 }, 'file: option "maxBytes" must be a whole number of at least 1, got 0'],
  [{ path: 'a', compress: true }, 'unknown option "compress"'],
])('%j is refused', (options, message) => {
  expect(() => file(options as FileOptions)).toThrow(message);
});
