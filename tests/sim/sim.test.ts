import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { STRUCK_BY_STEP } from './faults.ts';
import { playHistory } from './history.ts';
import { playMany } from './playing.ts';
import { KERNEL_STEPS } from './steps.ts';

const HISTORIES = 2_000;
const TIME_LIMIT_MS = 600_000;
const SEED = 7;

describe('histories of customers under faults, each from one seed', function () {
  this.timeout(TIME_LIMIT_MS);

  it(`hold every law in ${HISTORIES} of them, struck by every fault at every kind of step`, async () => {
    const { violated, cells, stepsMin } = await playMany({ firstSeed: 1, histories: HISTORIES });
    expect(violated.map(({ seed, violation }) => `pnpm sim:replay ${seed}: ${violation}`)).to.deep.equal([]);
    expect(stepsMin).to.be.at.least(300);
    const faults = new Set([...cells.keys()].map((cell) => cell.slice(0, cell.indexOf('@'))));
    const steps = new Set([...cells.keys()].map((cell) => cell.slice(cell.indexOf('@') + 1)));
    expect(STRUCK_BY_STEP.filter((fault) => !faults.has(fault))).to.deep.equal([]);
    expect(KERNEL_STEPS.filter((step) => !steps.has(step))).to.deep.equal([]);
  });

  it('are the same whatever the number of threads that play them', async () => {
    const plan = { firstSeed: SEED, histories: 21 };
    const hashes = await Promise.all([1, 2].map((workers) => playMany({ ...plan, workers })));
    expect(hashes[1]?.hash).to.equal(hashes[0]?.hash);
    expect(hashes[1]?.cells).to.deep.equal(hashes[0]?.cells);
  });

  it('are the same, byte for byte, in another process, folder, time zone and language', async () => {
    const replay = fileURLToPath(new URL('../../scripts/sim.ts', import.meta.url));
    const hash = execFileSync(process.execPath, [replay, '--replay', String(SEED), '--hash'], {
      encoding: 'utf8',
      cwd: tmpdir(),
      env: { ...process.env, TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    });
    expect(hash).to.match(/^[0-9a-f]{64}\n$/);
    expect(hash.trim()).to.equal((await playHistory(SEED)).hash);
  });

  it('are the same again when exactly what struck them strikes them', async () => {
    const history = await playHistory(SEED);
    const again = await playHistory(SEED, { strikes: history.struck });
    expect(history.struck).to.not.deep.equal([]);
    expect(again.hash).to.equal(history.hash);
  });
});
