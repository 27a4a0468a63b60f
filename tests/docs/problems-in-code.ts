import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Codes of RFC 9457 problems by the statuses that they are sent with; frames of the chat's socket have none. */
export type Codes = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads them off the sources: an object with a `code` and behind it a `title` is a problem, over HTTP and on the socket. */
export function problemsInCode(root: string): Codes {
  const sources = roomsOf(root).flatMap(sourcesIn);
  const found = new Map<string, Set<string>>();
  for (const text of sources) {
    for (const [, status, literal, errorClass] of text.matchAll(PROBLEM)) {
      const code = literal ?? codeOfError(errorClass, text, sources);
      const statuses = found.get(code) ?? new Set();
      found.set(code, status === undefined ? statuses : statuses.add(status));
    }
  }
  return found;
}

/** An object's `status`, if it has one just before, then `code` as a word or taken from an error, then `title`. */
const PROBLEM = /(?:status: ([\w.]+),\s*)?\bcode: (?:'([a-z-]+)'|(\w+)\.code),\s*title:/g;

/** The code of the one error class that the file tells apart before it answers with its code. */
function codeOfError(variable: string | undefined, text: string, sources: readonly string[]): string {
  const name = new RegExp(`${variable} instanceof (\\w+)`).exec(text)?.[1];
  const declared = new RegExp(`class ${name} extends Error \\{\\s*readonly code = '([a-z-]+)'`);
  const code = sources.map((source) => declared.exec(source)?.[1]).find((found) => found !== undefined);
  if (code === undefined) throw new Error(`No class is found whose code \`${variable}.code\` is.`);
  return code;
}

function roomsOf(root: string): readonly string[] {
  const services = readdirSync(join(root, 'services')).map((name) => join(root, 'services', name, 'src'));
  return [...services, join(root, 'infra', 'http', 'src'), join(root, 'infra', 'mesh', 'src')];
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}
