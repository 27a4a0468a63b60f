/**
 * `pnpm test [mocha's arguments]`: runs every suite that needs no engine, or the files that are named, and ends with one line
 * `N passed, N failed`. Exit 1 on any failure, and where no test ran at all.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMocha } from './test/mocha.ts';

const root = join(import.meta.dirname, '..');
const asked = process.argv.slice(2);

/** Files that are named replace the list in .mocharc.json; mocha itself would add them to it. */
function mochaArguments(): readonly string[] {
  if (!asked.some((argument) => argument.endsWith('.ts'))) return asked;
  const settings: { timeout: number } = JSON.parse(readFileSync(join(root, '.mocharc.json'), 'utf8'));
  return ['--no-config', '--timeout', String(settings.timeout), '--exit', ...asked];
}

process.exitCode = await runMocha(mochaArguments());
