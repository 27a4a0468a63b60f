/** A process of its own: `catcher.ts <mutant | none> <from-to | seed,seed…>` plays these seeds and prints, as JSON, where a law does not hold: with a mutant, the first only. */
import { MUTANTS } from './list.ts';
import { plant } from './planting.ts';
import type { Caught } from './playing.ts';

const [name = '', range = ''] = process.argv.slice(2);
const mutant = MUTANTS.find((each) => each.name === name);
if (mutant) plant(mutant);
else if (name !== 'none') throw new Error(`There is no mutant "${name}".`);
// Only now: what is imported before the bug is planted is without it.
const { playHistory } = await import('../history.ts');
const caught: Caught[] = [];
for (const seed of seedsOf(range)) {
  const { violation } = await playHistory(seed);
  if (violation !== undefined) caught.push({ seed, violation });
  if (mutant && violation !== undefined) break;
}
process.stdout.write(JSON.stringify(caught), () => process.exit(0));

function seedsOf(text: string): readonly number[] {
  const [first = 1, last] = text.split('-').map(Number);
  if (last === undefined) return text.split(',').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
