import type { Redact } from '@unite/core';
import { describeThrown } from '@unite/shared/redaction';
import { asError } from './as-error';
import type { ExceptionRecord, StackFrame } from './capture-types';
import { cutText } from './cut-text';
import type { ChainLink } from './error-chain';
import { parseStack } from './parse-stack';

const maxMessageLength = 8_192;
const maxTypeLength = 200;
const maxFileLength = 1_024;

/** Class of what is no error. */
const noError = 'NonError';

/** How the texts of an exception are treated. */
export interface ExceptionTexts {
  readonly redact: Redact;
  /** The original place of a frame. */
  readonly resolve: (frame: StackFrame) => StackFrame;
}

/** One error of a chain, its texts cut first, so that what is megabytes long costs little, and then redacted. */
export function describeException(link: ChainLink, texts: ExceptionTexts): ExceptionRecord {
  const { name = noError, code, message, stack } = read(link.thrown);
  const text = (key: string, value: string): string => texts.redact(key, value) ?? '[removed]';
  return {
    type: text('exception.type', cutText(name || 'Error', maxTypeLength)),
    message: text('exception.message', cutText(message, maxMessageLength)),
    code: code === undefined ? undefined : text('exception.code', code),
    frames: framesOf(stack, message).map((frame) => redactFrame(texts.resolve(frame), text)),
    relation: link.relation,
  };
}

function read(thrown: unknown): ReturnType<typeof describeThrown> {
  // A text is its own description.
  if (typeof thrown === 'string') return { message: thrown };
  return describeThrown(asError(thrown) ?? thrown);
}

function framesOf(stack: string | undefined, message: string): readonly StackFrame[] {
  return stack === undefined ? [] : parseStack(stack, message);
}

function redactFrame(frame: StackFrame, text: (key: string, value: string) => string): StackFrame {
  const lines = (of: readonly string[]): readonly string[] => of.map((line) => text('frame.source', line));
  const { source } = frame;
  return {
    ...frame,
    function: frame.function === undefined ? undefined : text('frame.function', frame.function),
    file: text('frame.file', cutText(frame.file, maxFileLength)),
    ...(source && {
      source: {
        before: lines(source.before),
        line: text('frame.source', source.line),
        after: lines(source.after),
      },
    }),
  };
}
