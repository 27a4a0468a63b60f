import { createServer } from 'node:http';
import type { ActionSpec } from '@throughline/agent/actions';
import { createDemoBackend, DEMO_ACTIONS, type DemoBackend } from '@throughline/agent/demo-backend';
import { loadActions } from '@throughline/agent/load-actions';
import { listen } from '@throughline/http/server';
import express from 'express';

/** What the actions of a mesh call. */
export interface Backend {
  readonly actions: readonly ActionSpec[];
  /** Present where no actions file is set. */
  readonly demo: DemoBackend | undefined;
  close(): Promise<void>;
}

/** The actions file's backend; without a file the demo's own, on a port of its own that only this machine reaches. */
export async function openBackend(actionsFile: string | undefined): Promise<Backend> {
  if (actionsFile !== undefined) {
    return { actions: await loadActions(actionsFile), demo: undefined, close: async () => undefined };
  }
  const demo = createDemoBackend();
  const server = createServer(express().use(demo.router));
  const port = await listen(server, 0, '127.0.0.1', 'The demo backend');
  return {
    actions: DEMO_ACTIONS(`http://127.0.0.1:${port}`),
    demo,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
