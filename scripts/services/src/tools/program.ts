/** A program that can be run. */
export interface Program {
  readonly command: string;
  /** Libraries that the system lacks, for `LD_LIBRARY_PATH`. */
  readonly libraries?: string | undefined;
}

/** The environment that a program is run in. */
export function programEnv({ libraries }: Program): NodeJS.ProcessEnv {
  return { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) };
}
