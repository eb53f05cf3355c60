import { runLoad } from '../../../src/load';

void runLoad(JSON.parse(process.argv[2] ?? '')).then((report) => {
  process.stdout.write(JSON.stringify(report));
});
