import { styleText } from 'node:util';
import { printableJson, printableLine } from './printable';

/** Where text goes: `process.stdout` is one. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a terminal is made with. */
export interface TerminalOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The answer is read by a program. */
  readonly json: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Adds a style to text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Answers go to the standard output, everything else to the standard error. */
export class Terminal {
  readonly json: boolean;
  /** For the standard output. */
  readonly paint: Paint;
  readonly #paintError: Paint;
  readonly #stdout: TextStream;
  readonly #stderr: TextStream;

  constructor({ stdout, stderr, env, json }: TerminalOptions) {
    this.json = json;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.paint = painter(stdout, env);
    this.#paintError = painter(stderr, env);
  }

  /** Whether somebody watches the standard error. */
  get isWatched(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** The answer for people. Nothing of it with `--json`. The text has to be printable. */
  print(text: string): void {
    if (!this.json && text !== '') this.#stdout.write(`${text.trimEnd()}\n`);
  }

  /** The answer for programs: one document. Nothing of it without `--json`. */
  printJson(value: unknown): void {
    if (this.json) this.#stdout.write(`${printableJson(value)}\n`);
  }

  /** What is being done. */
  note(text: string): void {
    this.#stderr.write(`${this.#paintError('dim', printableLine(text))}\n`);
  }

  /** What went wrong. The text has to be printable. */
  complain(text: string): void {
    this.#stderr.write(`${this.#paintError('red', 'unite:')} ${text}\n`);
  }
}

/** No colours for programs, nor for those who want none: https://no-color.org. */
function painter(stream: TextStream, env: TerminalOptions['env']): Paint {
  const plain = stream.isTTY !== true || Boolean(env.NO_COLOR) || env.TERM === 'dumb';
  return plain ? (_style, text) => text : (style, text) => styleText(style, text, { validateStream: false });
}
