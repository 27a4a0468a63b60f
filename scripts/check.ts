/** `pnpm check`: all that can be said about the code without running its suites. Everything runs even if something fails; exit 1 if anything did. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

const CHECKS: readonly { readonly name: string; readonly command: string; readonly args: readonly string[] }[] = [
  { name: 'format and lint', command: bin('biome'), args: ['ci', '--colors=off', '.'] },
  { name: 'types', command: bin('tsc'), args: ['-p', '.'] },
  { name: 'generated files', command: bin('node'), args: ['scripts/generate.ts', '--check'] },
  { name: 'schema evolution', command: bin('node'), args: ['scripts/throughline.ts', 'schemas', 'check'] },
  {
    name: 'house rules',
    command: bin('node'),
    args: [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--timeout',
      '60000',
      '--reporter',
      'dot',
      'tests/tidy/**/*.test.ts',
    ],
  },
];

let failed = false;
for (const { name, command, args } of CHECKS) {
  const started = performance.now();
  const run = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = run.status === 0;
  failed ||= !ok;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!ok) console.log([run.error?.message, run.stdout, run.stderr].filter(Boolean).join('\n'));
}
process.exitCode = failed ? 1 : 0;
