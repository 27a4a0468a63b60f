import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createEmbeddedLog } from '@throughline/log-embedded/log';
import { createEmbeddedStore } from '@throughline/store-embedded/store';
import { expect } from 'chai';
import { keepingReporter, newDirectory, openPlace, steppedClock } from './embedded-place.ts';
import { TOPIC } from './log-setting.ts';
import { PARTITION, textAt } from './store.ts';
import { textOf } from './waiting.ts';

const WRITER = fileURLToPath(new URL('./embedded-crash-writer.ts', import.meta.url));

interface Acknowledged {
  readonly round: number;
  readonly positions: readonly { readonly partition: number; readonly offset: number }[];
  readonly outcome: string;
}

/** Lets the writer acknowledge so many rounds, kills it in the midst of its work and returns all that it acknowledged. */
async function killedAfter(rounds: number, directory: string): Promise<readonly Acknowledged[]> {
  const writer = spawn(process.execPath, [WRITER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > rounds) writer.kill('SIGKILL');
  });
  const [, signal] = await once(writer, 'close');
  expect(signal).to.equal('SIGKILL');
  const lines = printed.split('\n').slice(0, -1);
  return lines.map((line): Acknowledged => JSON.parse(line));
}

describe('the embedded storage after its process was killed', () => {
  for (const rounds of [1, 40, 200]) {
    it(`has everything that was acknowledged in ${rounds} rounds, without gaps`, async () => {
      const directory = newDirectory();
      const acknowledged = await killedAfter(rounds, directory);
      const place = openPlace(directory);
      try {
        const { clock } = steppedClock();
        const database = place.database();
        const log = createEmbeddedLog({ database, topics: [TOPIC], clock, reporter: keepingReporter() });
        for (const { round, positions, outcome } of acknowledged) {
          expect(outcome).to.equal('committed');
          for (const [index, { partition, offset }] of positions.entries()) {
            const [found] = await log.read(TOPIC.name, partition, offset, 1);
            expect(found && textOf(found.value)).to.equal(`case_${index + 1} ${round}`);
          }
        }
        const ends = await log.ends(TOPIC.name);
        for (const [partition, end] of ends.entries()) {
          expect(await log.read(TOPIC.name, partition, 0, end)).to.have.length(end);
        }
        const store = createEmbeddedStore({ database });
        const cursor = (await store.state(PARTITION))?.cursor ?? 0;
        expect(cursor).to.be.at.least(acknowledged.length);
        expect(await textAt(store, 'case_1')).to.equal(`round ${cursor - 1}`);
      } finally {
        place.close();
      }
    });
  }
});
