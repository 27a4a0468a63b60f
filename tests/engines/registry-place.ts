import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RegistryEngine, startRegistry } from '@throughline/engines/registry';
import { freePort } from '../flow/ports.ts';

/** A schema registry of one test's own, that it may stop without anybody else noticing. */
export interface RegistryPlace {
  readonly registry: RegistryEngine;
  /** Stops it and removes what it kept. */
  close(): Promise<void>;
}

export async function openRegistryPlace(): Promise<RegistryPlace> {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-registry-'));
  const registry = await startRegistry({ directory, port: await freePort(), progress: () => {} });
  return {
    registry,
    async close() {
      registry.resume();
      await registry.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
