/** Looks after one process, as a mesh does after many, until it is killed: program and arguments are its own arguments. */
import { Supervised } from '../../scripts/mesh/supervised.ts';

const [program = '', ...args] = process.argv.slice(2);
const child = new Supervised({
  name: 'child',
  program,
  args,
  directory: process.cwd(),
  environment: process.env,
  say: (line) => console.log(line),
});
child.start();
console.log(`child ${child.pid}`);
