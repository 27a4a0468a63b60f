import { expect } from 'chai';
import { ShopBackend, takesRefunds } from './backend.ts';
import { type Moment, type Outcome, playThroughCrashes } from './crashing/story.ts';
import { Survivor } from './crashing/survivor.ts';

const PROCESSORS = ['identity-resolution', 'case-state', 'audit-case', 'audit-identity'];
const KERNEL_STEPS = ['opened', 'republished', 'decoded', 'loaded', 'decided', 'built', 'committed', 'appended'];
const REACTORS = ['agent', 'actions', 'email-gateway'];
const REACTOR_STEPS = ['taken', 'handled', 'reported', 'saving'];
const GATEWAYS = ['chat-gateway', 'voice-gateway', 'email-gateway'];
const GATEWAY_STEPS = ['sending', 'sent'];

const named = (parts: readonly string[], steps: readonly string[]): readonly string[] =>
  parts.flatMap((part) => steps.map((step) => `${part}/${step}#1`));

const POINTS = [
  ...named(PROCESSORS, KERNEL_STEPS),
  ...named(REACTORS, REACTOR_STEPS),
  ...named(GATEWAYS, GATEWAY_STEPS),
  'case-state/committed#4',
  'case-state/built#6',
  'identity-resolution/committed#4',
];

/** Stories that run at the same time: one for each core. */
const AT_ONCE = 2;

async function play(options: {
  crashAt?: string;
  killAt?: Moment;
}): Promise<{ outcome: Outcome; writes: number; deaths: number }> {
  const shop = await ShopBackend.open(takesRefunds);
  const survivor = await Survivor.open({
    actionsFile: shop.actionsFile,
    ...(options.crashAt === undefined ? {} : { crashAt: options.crashAt }),
  });
  try {
    const outcome = await playThroughCrashes(survivor, (moment) => {
      if (moment === options.killAt) survivor.kill();
    });
    return { outcome, writes: shop.writes().size, deaths: survivor.deaths };
  } finally {
    await survivor.close();
    shop.close();
  }
}

/** What must hold whatever died when: nothing acknowledged is missing, nothing happened twice. */
function holds({ outcome, writes, deaths }: Awaited<ReturnType<typeof play>>): void {
  expect(deaths, 'it did die').to.equal(1);
  expect(outcome.cases, 'cases').to.equal(1);
  expect(outcome.chatTurns, 'what was said on chat').to.deep.equal(['Please refund order 10-4477, wrong size.']);
  expect(outcome.mailTurns, 'mails in the thread').to.equal(1);
  expect(outcome.mailAnswers, 'different answers to the mail').to.equal(1);
  expect(writes, 'refunds at the backend').to.equal(1);
  expect(outcome.numbers, 'entry numbers').to.deep.equal(outcome.numbers.map((_, place) => place + 1));
  expect(outcome.parked, 'parked records').to.equal(0);
  expect(outcome.verified, 'the trail').to.equal(true);
}

describe('nothing acknowledged is lost and nothing happens twice (laws 1 and 3)', function () {
  this.timeout(600_000);

  describe(`when the process dies at one of ${POINTS.length} steps of the kernel and the gateways`, () => {
    const played = new Map<string, Promise<Awaited<ReturnType<typeof play>>>>();
    before(() => {
      // Two at a time; each test below waits for its own.
      const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve() as Promise<unknown>);
      for (const [place, crashAt] of POINTS.entries()) {
        const lane = place % AT_ONCE;
        const run = (lanes[lane] ?? Promise.resolve()).then(() => play({ crashAt }));
        lanes[lane] = run.catch(() => undefined);
        run.catch(() => undefined);
        played.set(crashAt, run);
      }
    });
    for (const crashAt of POINTS) {
      it(`at ${crashAt}`, async () => {
        const outcome = await played.get(crashAt);
        if (!outcome) throw new Error('it was not played');
        holds(outcome);
      });
    }
  });

  for (const killAt of ['said', 'heard', 'called', 'mailed', 'answered'] as const) {
    it(`when it is killed with kill -9 right after the customer ${{ said: 'said it', heard: 'heard the answer', called: 'hung up', mailed: 'sent the mail', answered: 'got the answer' }[killAt]}`, async () => {
      holds(await play({ killAt }));
    });
  }
});
