/** A backend that never answers has three tries of four seconds, with pauses; whoever waits for what comes of it is patient. */
const PATIENCE_MS = 25_000;
const LOOK_EVERY_MS = 25;

/** Looks again and again until there is something to see; rejects with what it waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadlineMs) throw new Error(`Waited ${PATIENCE_MS} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
