import { createEdge, type Edge } from '@throughline/kernel/edge';
import type { Engine } from '@throughline/kernel/partition';

/** A gateway's way in, with a step on either side of the log where a crash test can stop the world. */
export function createGatewayEdge(
  options: Pick<Engine, 'log' | 'codec' | 'keyring' | 'reach' | 'telemetry'> & { readonly source: string },
): Edge {
  const { reach, source } = options;
  const edge = createEdge(options);
  return {
    async send(drafts) {
      await reach(`${source}/sending`);
      await edge.send(drafts);
      await reach(`${source}/sent`);
    },
  };
}
