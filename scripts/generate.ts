/**
 * `pnpm generate`: writes what follows from the schemas. With `--check` it writes nothing and exits 1 naming what is stale.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadSchemas } from '@throughline/schemas/load';
import { TOPICS } from '@throughline/schemas/topics';
import { renderAsyncApi } from './generate/render-asyncapi.ts';
import { renderMessages } from './generate/render-messages.ts';
import { renderTopics } from './generate/render-topics.ts';

const root = join(import.meta.dirname, '..');
const schemas = loadSchemas();
const missing = [...schemas.topics.keys()].filter((topic) => !TOPICS.some(({ name }) => name === topic));
if (missing.length > 0) {
  console.error(`schemas/avro has folders for topics that schemas/src/topics.ts does not list: ${missing.join(', ')}`);
  process.exit(1);
}

const files: ReadonlyMap<string, string> = new Map([
  ['schemas/src/generated/messages.ts', formatted('schemas/src/generated/messages.ts', renderMessages(schemas))],
  ['docs/topics.md', renderTopics(TOPICS, schemas)],
  ['docs/asyncapi.json', formatted('docs/asyncapi.json', renderAsyncApi(TOPICS, schemas))],
]);

let stale = false;
for (const [path, text] of files) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    stale = true;
    console.error(`${path} is not what the schemas say: run pnpm generate.`);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
process.exit(stale ? 1 : 0);

function formatted(path: string, source: string): string {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], { cwd: root, input: source, encoding: 'utf8' });
}
