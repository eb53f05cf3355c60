import { existsSync } from 'node:fs';
import { appendFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExportResultCode } from '@opentelemetry/core';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { checkOptions, expects, optionChecks, warnOnce } from '@unite/shared';
import { nameExporter } from './exporter-name';

/** Options of `file`. */
export interface FileOptions {
  /** Where to, in a folder that exists. What is there is appended to. */
  readonly path: string;
  /** From this size on the file becomes `<path>.1`, in place of the one before. @default 52_428_800 (50 MB) */
  readonly maxBytes?: number | undefined;
}

/**
 * Writes each batch as one line of OTLP/JSON, as the file exporter of the OpenTelemetry Collector does (OpenTelemetry
 * Protocol File Exporter, "JSON File serialization"), whose receiver `otlpjsonfile` reads it. At most two files of
 * `maxBytes` are kept. One process a file.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * file({ path: './traces.jsonl' })
 */
export function file(options: FileOptions): SpanExporter {
  checkOptions(
    'file',
    options,
    {
      path: optionChecks.string,
      maxBytes: expects(
        'a whole number of at least 1',
        (value) => Number.isSafeInteger(value) && (value as number) >= 1,
      ),
    },
    ['path'],
  );
  const { path, maxBytes = 50 * 2 ** 20 } = options;
  if (!existsSync(dirname(path))) {
    warnOnce(
      'UNITE_TRACING_FOLDER_MISSING',
      `file: there is no folder ${dirname(path)}: no span is written to ${path} until there is`,
    );
  }
  let writing = Promise.resolve();
  let bytes: number | undefined;

  return nameExporter(`file ${path}`, {
    export(spans, done) {
      const written = writing.then(() => write(spans));
      writing = written.then(
        () => done({ code: ExportResultCode.SUCCESS }),
        (error) => done({ code: ExportResultCode.FAILED, error }),
      );
    },
    forceFlush: () => writing,
    shutdown: () => writing,
  } satisfies SpanExporter);

  async function write(spans: ReadableSpan[]): Promise<void> {
    const line = `${new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans))}\n`;
    const lineBytes = Buffer.byteLength(line);
    bytes ??= await sizeOf(path);
    if (bytes > 0 && bytes + lineBytes > maxBytes) {
      await rename(path, `${path}.1`);
      bytes = 0;
    }
    await appendFile(path, line);
    bytes += lineBytes;
  }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
