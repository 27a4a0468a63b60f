import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A small bug to plant in the real code: one text that is there exactly once, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** The law that it breaks, or what else the histories must show. */
  readonly law: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const root = join(import.meta.dirname, '../../..');

/** The code with the bug in it. Throws where its place is not there exactly once: the code has moved on, and the mutant must follow. */
export function planted({ name, find, replace }: Mutant, code: string): string {
  const times = code.split(find).length - 1;
  if (times !== 1) throw new Error(`The place of "${name}" is there ${times} times instead of once.`);
  return code.replace(find, () => replace);
}

export const codeOf = ({ file }: Pick<Mutant, 'file'>): string => readFileSync(join(root, file), 'utf8');

/** From now on this process loads that file with the bug in it; nothing on disk changes. Before the file is imported. */
export function plant(mutant: Mutant): void {
  const bad = planted(mutant, codeOf(mutant));
  const address = pathToFileURL(join(root, mutant.file)).href;
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      return url === address ? { ...loaded, source: bad } : loaded;
    },
  });
}
