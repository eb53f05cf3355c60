import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type EventLine, type MetricLine, parsePacket } from './dogstatsd';

/** A real UDP socket that takes what an agent would, and reads every line by the grammar. */
export interface DatadogAgent {
  readonly port: number;
  readonly packets: readonly Buffer[];
  /** All lines so far. @throws Error for one that is not DogStatsD */
  lines(): (MetricLine | EventLine)[];
  metrics(name: string): MetricLine[];
  events(): EventLine[];
  /** Waits until what came so far is enough. */
  until(isEnough: (lines: readonly (MetricLine | EventLine)[]) => boolean): Promise<void>;
  close(): void;
}

export async function startDatadogAgent(): Promise<DatadogAgent> {
  const socket: Socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
  const packets: Buffer[] = [];
  socket.on('message', (packet) => packets.push(packet));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');

  const parsed: (MetricLine | EventLine)[] = [];
  let read = 0;
  const lines = () => {
    for (const packet of packets.slice(read)) parsed.push(...parsePacket(packet));
    read = packets.length;
    return parsed;
  };
  return {
    port: socket.address().port,
    packets,
    lines,
    metrics: (name) =>
      lines().filter((line): line is MetricLine => line.kind === 'metric' && line.name === name),
    events: () => lines().filter((line): line is EventLine => line.kind === 'event'),
    async until(isEnough) {
      while (!isEnough(lines())) await once(socket, 'message');
    },
    close: () => socket.close(),
  };
}
