/**
 * `pnpm test [mocha's arguments]`: runs every suite that needs no engine, or the files that are named, and ends with one line
 * `N passed, N failed`. Exit 1 on any failure, and where no test ran at all.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const asked = process.argv.slice(2);

/** Files that are named replace the list in .mocharc.json; mocha itself would add them to it. */
function mochaArguments(): readonly string[] {
  if (!asked.some((argument) => argument.endsWith('.ts'))) return asked;
  const settings: { timeout: number } = JSON.parse(readFileSync(join(root, '.mocharc.json'), 'utf8'));
  return ['--no-config', '--timeout', String(settings.timeout), '--exit', ...asked];
}

const child = spawn(
  join(bin, 'node'),
  [
    join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
    '--reporter',
    join(root, 'scripts', 'test', 'reporter.cjs'),
    ...mochaArguments(),
  ],
  { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
);

let counts = { passed: 0, failed: 0, skipped: 0 };
child.on('message', (message: typeof counts) => {
  counts = message;
});
child.on('close', (code) => {
  const { passed, failed, skipped } = counts;
  if (passed + failed === 0) console.log('No test ran.');
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = code === 0 && failed === 0 && passed > 0 ? 0 : 1;
});
