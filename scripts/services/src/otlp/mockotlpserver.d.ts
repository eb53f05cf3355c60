declare module '@elastic/mockotlpserver' {
  export class MockOtlpServer {
    constructor(options: {
      readonly logLevel: string;
      readonly services: readonly ('http' | 'grpc')[];
      readonly httpHostname: string;
      readonly httpPort: number;
      readonly grpcHostname: string;
      readonly grpcPort: number;
      readonly onTrace: (request: object) => void;
      readonly onRequest: (request: { readonly metadata?: { getMap(): Record<string, unknown> } }) => void;
    });
    readonly httpUrl: URL;
    readonly grpcUrl: URL;
    start(): Promise<void>;
    close(): Promise<void>;
  }
}
