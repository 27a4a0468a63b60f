import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/**
 * Runs mocha with these arguments and ends with one line `N passed, N failed`. Gives the exit code: 1 on any failure, and
 * where no test ran at all.
 */
export function runMocha(args: readonly string[]): Promise<number> {
  const child = spawn(
    join(root, 'node_modules', '.bin', 'node'),
    [
      join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
      '--reporter',
      join(root, 'scripts', 'test', 'reporter.cjs'),
      ...args,
    ],
    { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  let counts = { passed: 0, failed: 0, skipped: 0 };
  child.on('message', (message: typeof counts) => {
    counts = message;
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const { passed, failed, skipped } = counts;
      if (passed + failed === 0) console.log('No test ran.');
      console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
      resolve(code === 0 && failed === 0 && passed > 0 ? 0 : 1);
    });
  });
}
