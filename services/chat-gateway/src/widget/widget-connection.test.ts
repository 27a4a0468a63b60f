import { setTimeout as inReality } from 'node:timers';
import { expect } from 'chai';

type Frame = Readonly<Record<string, string>>;
interface Connection {
  start(): void;
  stop(): void;
}
type Connections = new (service: URL, on: { state(): void; frame(): void; opened(): void }) => Connection;

/** Modules of the browser have no types. */
const MODULE = './widget-connection.js';

describe('the connection of the widget', () => {
  const doubled = ['WebSocket', 'navigator', 'localStorage', 'fetch', 'setTimeout'] as const;
  const real = new Map(doubled.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  afterEach(() => {
    for (const [name, descriptor] of real)
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, descriptor);
  });

  /** Connects as often as asked to a service that opens, sends these frames and closes; gives the pauses between, in ms. */
  async function pausesOf(times: number, frames: readonly Frame[]): Promise<readonly number[]> {
    const pauses: number[] = [];
    const done = Promise.withResolvers<void>();
    class Socket extends EventTarget {
      static readonly OPEN = 1;
      readonly readyState = 1;
      constructor() {
        super();
        queueMicrotask(() => {
          this.dispatchEvent(new Event('open'));
          for (const frame of frames) this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
          this.dispatchEvent(new Event('close'));
        });
      }
      send(): void {}
      close(): void {}
    }
    const doubles: Readonly<Record<(typeof doubled)[number], unknown>> = {
      WebSocket: Socket,
      navigator: { onLine: true },
      localStorage: { getItem: () => null, setItem: () => undefined },
      fetch: async () => new Response('{"sessionToken":"token"}', { status: 201 }),
      setTimeout: (run: () => void, pauseMs: number) => {
        pauses.push(pauseMs);
        if (pauses.length < times) inReality(run, 0);
        else done.resolve();
      },
    };
    for (const [name, value] of Object.entries(doubles))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    const { Connection } = (await import(MODULE)) as { readonly Connection: Connections };
    const on = { state: () => undefined, frame: () => undefined, opened: () => undefined };
    const connection = new Connection(new URL('https://shop.example/chat/'), on);
    connection.start();
    await done.promise;
    connection.stop();
    return pauses;
  }

  it('comes back ever later to a service that opens and says that it is busy', async () => {
    const pauses = await pausesOf(8, [{ type: 'notice', code: 'busy', text: 'In a moment.' }]);
    for (const [index, nominal] of [500, 1000, 2000, 5000, 10_000, 10_000, 10_000, 10_000].entries())
      expect(pauses[index]).to.be.within(nominal * 0.75, nominal * 1.25);
  });

  it('comes back at once where it was served', async () => {
    for (const pause of await pausesOf(5, [{ type: 'said', id: 'ent_1', from: 'agent', text: 'Hello' }]))
      expect(pause).to.be.within(375, 625);
  });
});
