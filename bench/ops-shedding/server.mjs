/** One contestant in a process of its own: `fork('server.mjs', [name])`. Tells its port; ends with its parent. */
import { servers } from './servers.mjs';

process.on('disconnect', () => process.exit());
process.send(await servers[process.argv[2]]());
