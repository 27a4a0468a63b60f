/** A process that says what it does, for the tests of how one stops: its first argument is a file that it writes when it has drained. */
import { writeFileSync } from 'node:fs';
import { stopWhenTold } from '@throughline/platform/stopping';

const LINES = 200;
const [file = '', withInput = ''] = process.argv.slice(2);
const alive = setInterval(() => undefined, 1_000);

async function stop(): Promise<void> {
  // More than a pipe holds, each said in a turn of its own, so that nobody who listens must keep it from its end.
  for (let line = 0; line < LINES; line += 1) {
    console.log('x'.repeat(1_000));
    console.error('x'.repeat(1_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  clearInterval(alive);
  writeFileSync(file, 'drained');
}

stopWhenTold(stop, { withInput: withInput === 'with-input' });
console.log(`up ${process.pid}`);
