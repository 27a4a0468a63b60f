/** What arrives over time, and who waits for it: the clients of the demo and of the flow tests are built on it. */
export class Arrivals<Item> {
  readonly items: Item[] = [];
  readonly #waiting = new Set<() => void>();

  add(item: Item): void {
    this.items.push(item);
    for (const look of [...this.#waiting]) look();
  }

  /** The first item from place `from` on that `matches`; rejects after `timeoutMs` with what has come instead. */
  next(what: string, matches: (item: Item) => boolean, from = 0, timeoutMs = 15_000): Promise<Item> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.items.slice(from).find(matches);
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`Waited ${timeoutMs} ms for ${what}; came: ${JSON.stringify(this.items.slice(from))}`));
      }, timeoutMs);
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
