/** The instances of each service: where they are, and whether they said lately that they are ready. */
export interface Instances {
  /** Those of a service in the order to be tried: ready ones first, by turns. */
  inTurn(service: string): readonly string[];
  /** The n-th instance of a service, from 1 on. */
  at(service: string, number: number): string | undefined;
  /** It did not answer: it comes last until it says again that it is ready. */
  lost(url: string): void;
  /** The services that have no instance that is ready. */
  waitingFor(): readonly string[];
  close(): void;
}

const ASK_EVERY_MS = 500;
const ASK_MAX_MS = 2_000;

/** Asks every instance for its `/readyz`, again and again. */
export function watchInstances(places: ReadonlyMap<string, readonly string[]>): Instances {
  const ready = new Set<string>();
  const turns = new Map<string, number>();
  const closing = new AbortController();

  async function ask(url: string): Promise<void> {
    while (!closing.signal.aborted) {
      const isReady = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_MAX_MS) }).then(
        async (response) => {
          await response.body?.cancel();
          return response.ok;
        },
        () => false,
      );
      if (isReady) ready.add(url);
      else ready.delete(url);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS).unref());
    }
  }
  for (const url of [...places.values()].flat()) void ask(url);

  return {
    inTurn(service) {
      const urls = places.get(service) ?? [];
      const turn = turns.get(service) ?? 0;
      turns.set(service, turn + 1);
      const turned = urls.map((_, index) => urls[(index + turn) % urls.length] ?? '');
      return [...turned.filter((url) => ready.has(url)), ...turned.filter((url) => !ready.has(url))];
    },
    at: (service, number) => places.get(service)?.[number - 1],
    lost: (url) => ready.delete(url),
    waitingFor: () => [...places].flatMap(([service, urls]) => (urls.some((url) => ready.has(url)) ? [] : [service])),
    close: () => closing.abort(),
  };
}
