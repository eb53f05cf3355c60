/** Options of a definition, with their defaults. */
export interface DefinitionSettings {
  readonly name: string;
  readonly memoryTtlMs: number;
  readonly remoteTtlMs: number;
  readonly loadTimeoutMs: number;
  readonly staleOnErrorMs: number;
  readonly refreshAhead: number;
  readonly refreshEveryMs: number;
  readonly loadDelayMs: number;
  readonly countReads: boolean;
}
