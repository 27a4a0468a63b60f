/**
 * `pnpm sim:mutants [--seeds 10000] [--only text] [--parallel 2]`: plants one bug after the other in the real code and plays
 * histories until a law does not hold. Prints which seed caught which bug; exit 1 where one survives.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MUTANTS } from '../tests/sim/mutants/list.ts';
import { type Ended, playUnplanted, playUntilCaught } from '../tests/sim/mutants/playing.ts';

const SEEDS_MAX = '10000';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: SEEDS_MAX },
    only: { type: 'string', default: '' },
    parallel: { type: 'string', default: String(availableParallelism()) },
  },
});
const { only } = values;
const [seeds, parallel] = [Number(values.seeds), Number(values.parallel)];
const chosen = MUTANTS.filter(({ name, file }) => `${name} ${file}`.includes(only));
if (chosen.length === 0 || !(seeds > 0) || !(parallel > 0)) {
  console.error(
    `--seeds and --parallel take whole numbers, --only a part of a name or of a file of the ${MUTANTS.length} mutants.`,
  );
  process.exit(2);
}

function rowOf({ mutant, caught, broken, seconds }: Ended): string {
  const { name, law, file } = mutant;
  const end = caught ? `seed ${caught.seed} | ${caught.violation}` : `SURVIVED | ${broken ?? `${seeds} seeds`}`;
  return [name, file, law, end, seconds.toFixed(1)].join(' | ');
}

async function playAll(): Promise<readonly Ended[]> {
  const all: Ended[] = [];
  const left = [...chosen];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const ended = await playUntilCaught(next, seeds);
      all.push(ended);
      console.log(`${all.length}/${chosen.length} | ${rowOf(ended)}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return all;
}

console.log('of all | mutant | file | law | caught by | violation | seconds');
const all = await playAll();
const survivors = all.filter(({ caught }) => caught === undefined);
const unproven = await playUnplanted([...new Set(all.flatMap(({ caught }) => caught?.seed ?? []))]);
console.log(`${all.length - survivors.length} of ${all.length} caught.`);
for (const { seed, violation } of unproven)
  console.error(`Seed ${seed} proves nothing, it fails without a bug: ${violation}`);
process.exit(survivors.length + unproven.length > 0 ? 1 : 0);
