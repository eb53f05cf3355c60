import { channel } from 'node:diagnostics_channel';

const lost = channel('crm:log-lost');

/**
 * Has the process go on when what it says cannot be written, such as to a disk that is full: Node.js would end it, and a
 * log is no reason for that. Each write that is lost is told on the channel `crm:log-lost`, and the next one is tried as
 * if nothing had been.
 */
export function guardLog() {
  for (const stream of [process.stdout, process.stderr]) {
    guardStream(stream);
    // What is not a file is told later: the end of a pipe.
    stream.on('error', () => lost.publish({}));
  }
}

/** @param {NodeJS.WriteStream} stream */
function guardStream(stream) {
  const { _write: write } = stream;
  // Below the stream's own book-keeping: one that has failed once would take nothing any more.
  stream._write = function (chunk, encoding, done) {
    try {
      write.call(this, chunk, encoding, (error) => {
        if (error) lost.publish({});
        done();
      });
    } catch {
      lost.publish({});
      done();
    }
  };
}
