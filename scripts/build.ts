/**
 * `pnpm build`: compiles every package into its `dist`.
 * `pnpm build <service> <folder>`: besides, puts what that service's process needs into the folder, and nothing else: its `dist`, and
 * its dependencies without anything that only tests or developers use. `node dist/main.js` runs it there.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PACKAGES = '{schemas,infra/*,services/*}';

const [service, folder] = process.argv.slice(2);
compile();
if (service !== undefined && folder !== undefined) deploy(service, resolve(folder));

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { cwd: ROOT, stdio: 'inherit' });
}

/** One compilation of the workspace; each package gets its part, with the files that its code reads beside it. */
function compile(): void {
  const compiled = mkdtempSync(join(tmpdir(), 'throughline-build-'));
  try {
    const emit = ['--noEmit', 'false', '--allowImportingTsExtensions', 'false', '--rootDir', '.', '--outDir', compiled];
    run(join('node_modules', '.bin', 'tsc'), ['-p', '.', ...emit]);
    for (const source of globSync(`${PACKAGES}/src`, { cwd: ROOT })) {
      const dist = join(ROOT, dirname(source), 'dist');
      rmSync(dist, { recursive: true, force: true });
      cpSync(join(compiled, source), dist, { recursive: true, filter: isShipped });
      cpSync(join(ROOT, source), dist, { recursive: true, filter: (path) => isShipped(path) && !path.endsWith('.ts') });
    }
  } finally {
    rmSync(compiled, { recursive: true, force: true });
  }
}

/** Tests and what only tests use stay at home. */
function isShipped(path: string): boolean {
  return !/\.test\.(ts|js)$|\/testing(\/|$)/.test(path);
}

/** pnpm copies the packages as they are in the workspace; here they become what was compiled of them. */
function deploy(name: string, to: string): void {
  run('npx', ['--yes', 'pnpm@12', '--filter', `@throughline/${name}`, 'deploy', '--prod', '--legacy', to]);
  const copies = globSync(join(to, 'node_modules/.pnpm/@throughline+*/node_modules/@throughline/*'));
  for (const copy of [to, ...copies.filter((path) => !lstatSync(path).isSymbolicLink())]) {
    rmSync(join(copy, 'src'), { recursive: true, force: true });
    const file = join(copy, 'package.json');
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    // Replaced, not written to: pnpm may have linked it to the one of the workspace.
    rmSync(file);
    writeFileSync(file, `${JSON.stringify({ ...manifest, exports: { './*': './dist/*.js' } }, undefined, 2)}\n`);
  }
}
