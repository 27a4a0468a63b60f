import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { FAULT_NAMES } from './faults.ts';
import { playHistory } from './history.ts';

const HISTORIES = 100;
const TIME_LIMIT_MS = 240_000;

describe('histories of customers under faults, each from one seed', function () {
  this.timeout(TIME_LIMIT_MS);

  it(`hold every law in ${HISTORIES} of them`, async () => {
    const struck = new Set<string>();
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const { violation, faults, struck: strikes } = await playHistory(seed);
      expect(violation, `pnpm sim:replay ${seed} (${faults.join(', ')})`).to.equal(undefined);
      for (const strike of strikes.keys()) struck.add(strike.split(' ')[0] ?? '');
    }
    expect([...struck].sort()).to.deep.equal([...FAULT_NAMES].sort());
  });

  it('are the same, byte for byte, in two processes', () => {
    const replay = fileURLToPath(new URL('../../scripts/sim.ts', import.meta.url));
    const hashes = [1, 2].map(() =>
      execFileSync(process.execPath, [replay, '--replay', '7', '--hash'], { encoding: 'utf8' }),
    );
    expect(hashes[0]).to.match(/^[0-9a-f]{64}\n$/);
    expect(hashes[1]).to.equal(hashes[0]);
  });
});
