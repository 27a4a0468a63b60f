import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory for its owner alone, with those above it; one that is there stays as it is. Throws what the system
 * says. Node's own recursive way runs for ever where the system answers that a directory which is there is not (`/proc/x`).
 */
export function makePrivateDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makePrivateDirectory(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}
