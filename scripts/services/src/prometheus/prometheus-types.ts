import type { CloseOptions, ServerExit, StartOptions } from '../types';

/** Options of `startPrometheus` and `startAlertmanager`. */
export interface MonitoringOptions extends Pick<StartOptions, 'onProgress' | 'timeoutMs' | 'signal'> {
  /** The configuration's text, in YAML. Relative paths in it are seen from the server's own directory. */
  readonly config: string;
  /** Further files of that directory, by name: rules. @default none */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Where unpacked programs are kept. @default one of this user's under the temporary directory */
  readonly toolsDirectory?: string | undefined;
  /** Hears of a server that ended although nobody called `close`. */
  readonly onExit?: ((exit: ServerExit) => void) | undefined;
}

/** A server of the Prometheus family. */
export interface MonitoringService extends AsyncDisposable {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Process id while it runs. */
  readonly pid: number | undefined;
  /** Its own, with the configuration; removed at the end. */
  readonly directory: string;
  /** The last lines that it wrote. */
  logTail(): string;
  /** Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}
