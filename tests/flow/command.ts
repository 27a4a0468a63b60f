import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Stage } from '../../scripts/demo/stage.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'throughline.ts');

/** The operator's command line as a process of its own, told where the stage is by its environment alone. */
export function runCommand(
  stage: { readonly mesh: Pick<Stage['mesh'], 'url'>; readonly directory: string },
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [SCRIPT, ...words], {
    env: {
      PATH: process.env.PATH ?? '',
      THROUGHLINE_DATA_DIR: stage.directory,
      THROUGHLINE_HTTP_PORT: new URL(stage.mesh.url).port,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}
