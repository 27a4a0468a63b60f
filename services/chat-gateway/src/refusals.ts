/** Who says something so often, and what was refused before it never again, means to go on without it. */
const INSISTS_TIMES = 3;

interface Refused {
  readonly id: string;
  readonly frame: number;
  /** How often what was said since. */
  readonly since: Map<string, number>;
}

/**
 * Keeps the order of one connection where a turn was refused: what was said before the client could hear of that would get ahead.
 * How long it takes to hear nobody knows: what was on its way may have waited in a process that was asleep.
 */
export class Refusals {
  readonly #othersMax: number;
  /** The earliest turn that was refused and has not been said again. */
  #first: Refused | undefined;

  /** @param othersMax how many other turns may come before the client counts as one that says nothing again */
  constructor(othersMax: number) {
    this.#othersMax = othersMax;
  }

  /** Whether a turn that comes now would get ahead of what was refused. To be asked once for each, in order. */
  areOvertakenBy(id: string): boolean {
    if (this.#first === undefined) return false;
    const { id: first, since } = this.#first;
    const times = (since.get(id) ?? 0) + 1;
    since.set(id, times);
    if (id === first || times >= INSISTS_TIMES || since.size > this.#othersMax) this.#first = undefined;
    return this.#first !== undefined;
  }

  /** It was refused; `frame` counts the frames of the connection, and is the one in which it came. */
  add(id: string, frame: number): void {
    if (this.#first !== undefined && this.#first.frame < frame) return;
    this.#first = { id, frame, since: new Map() };
  }
}
