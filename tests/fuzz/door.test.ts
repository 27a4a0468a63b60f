import { expect } from 'chai';
import fc from 'fast-check';
import { type DoorKind, demand, fuzzable } from './door.ts';
import { OWN_SEEDS } from './seeds.ts';

/** A door that cannot stand one letter, and keeps account of how often it was opened and closed. */
class PlantedDoor implements DoorKind<string> {
  readonly name = 'planted';
  readonly about = 'a door with a fault';
  readonly inputsPerOpening = 1_000;
  readonly crashes: string[] = [];
  opened = 0;
  closed = 0;
  readonly #onX: () => void;

  constructor(onX: (door: PlantedDoor) => void) {
    this.#onX = () => onX(this);
  }

  inputs(): fc.Arbitrary<string> {
    return fc.string({ unit: fc.constantFrom('a', 'b', 'x'), maxLength: 40 });
  }

  async open() {
    this.opened += 1;
    return {
      feed: async (input: string) => {
        if (input.includes('x')) this.#onX();
      },
      close: async () => {
        this.closed += 1;
      },
    };
  }

  run(seed: number) {
    const watcher = { fed() {}, crashes: () => this.crashes.splice(0) };
    return fuzzable<string>(this).run({ seed, inputs: 500, seeds: OWN_SEEDS, watcher });
  }
}

describe('a door that is fuzzed', () => {
  const refusing = () => new PlantedDoor(() => demand(false, 'It holds no x.'));

  it('is found out with the shortest input, its seed and its law', async () => {
    const { finding } = await refusing().run(7);
    expect(finding).to.include({ door: 'planted', seed: 7, input: '"x"' });
    expect(finding?.problem).to.match(/It holds no x\./);
  });

  it('shows the same to the same seed', async () => {
    const [first, second] = [await refusing().run(11), await refusing().run(11)];
    expect(first.inputs).to.equal(second.inputs);
    expect(first.finding?.input).to.equal(second.finding?.input);
  });

  it('is found out where it crashes behind its own back', async () => {
    const door = new PlantedDoor((planted) => void planted.crashes.push('an exception that nobody handled'));
    expect((await door.run(7)).finding?.problem).to.match(/A crash: an exception that nobody handled/);
  });

  it('is opened anew after each fault, and closed as often as it was opened', async () => {
    const door = refusing();
    await door.run(7);
    expect(door.opened).to.be.above(1);
    expect(door.closed).to.equal(door.opened);
  });

  it('is gone through with every input where it has no fault', async () => {
    const door = new PlantedDoor(() => {});
    expect(await door.run(7)).to.deep.equal({ inputs: 500 });
  });
});
