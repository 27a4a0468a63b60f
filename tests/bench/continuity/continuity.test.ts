import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '@throughline/agent/model';
import type { Briefing } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { seeded } from '../statistics.ts';
import { nameOfEffect } from './backend.ts';
import { Canaries } from './leaks.ts';
import { MADE_UP_TASKS, madeUpShop } from './made-up.ts';
import { createPlanner } from './planner.ts';
import { doublesIn, type Played, type PlayOptions, playTasks } from './play.ts';
import { isSound, reportOf } from './report.ts';
import { scriptOf } from './script.ts';
import { readShop } from './shop.ts';
import { splitTask } from './split.ts';
import { assuranceOf } from './tools.ts';

const SEED = 3;
const TIMEOUT_MS = 240_000;
const CORPUS = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpora', 'support-tasks');

const play = (options: Partial<PlayOptions> = {}): Promise<Played> =>
  playTasks({ database: madeUpShop(), tasks: MADE_UP_TASKS, seed: SEED, atOnce: 3, ...options });

const scripts = MADE_UP_TASKS.map((task) => scriptOf(task, madeUpShop()));
const [ADAS] = scripts;

/** The planner, with something done to what it is told or says. */
const chairThat =
  (change: (model: Model) => Model): typeof createPlanner =>
  (...args) =>
    change(createPlanner(...args));

const forgets = chairThat((model) => ({
  plan(briefed, tools) {
    const nothing: Partial<Briefing> = { facts: [], knownFacts: [] };
    return model.plan({ ...briefed, briefing: { ...briefed.briefing, ...nothing } }, tools);
  },
}));

const gossips = chairThat((model) => ({
  async plan(briefed, tools) {
    const plan = await model.plan(briefed, tools);
    return { ...plan, text: plan.text && `${plan.text} Ben Cedar (ben.cedar02@mail.example) asked for that too.` };
  },
}));

describe('tasks over split contacts', function () {
  // Customers pause between their contacts, and a backend's answers are slow and get lost.
  this.timeout(TIMEOUT_MS);

  it('end in the right database, with nothing asked twice, done twice or told to others', async () => {
    const played = await play();
    const report = reportOf(played, { command: '', seed: SEED, seconds: 0 });
    expect(
      report.byTask
        .flatMap(({ problem, askedAgain, doubles, leaks }) => [problem ?? '', ...askedAgain, ...doubles, ...leaks])
        .join(''),
    ).to.equal('');
    expect(report).to.include({ tasks: 3, right: 3, writes: 6, strays: 0 });
    expect(isSound(report)).to.equal(true);
    expect(played.tasks.every(({ contacts }) => contacts.some(({ way }) => way === 'strange-call'))).to.equal(true);
  });

  it('show an agent that forgets what it was told', async () => {
    const { tasks } = await play({ chair: forgets, tasks: MADE_UP_TASKS.slice(0, 1) });
    const [first] = tasks;
    expect([...(first?.askedAgain ?? []), first?.problem ?? '']).to.include('what it is about');
  });

  it('show an agent that tells one customer of another', async () => {
    const { tasks } = await play({ chair: gossips });
    const leaksOf = (id: string) => tasks.find(({ taskId }) => taskId === id)?.leaks;
    expect(leaksOf('1')).to.deep.equal(['ben cedar', 'ben.cedar02@mail.example']);
    expect(leaksOf('2')).to.deep.equal([]);
    expect(leaksOf('3')).to.deep.equal(['ben cedar', 'ben.cedar02@mail.example']);
  });

  it('show what was done twice, under one key or two, and what nobody asked for', () => {
    if (ADAS === undefined) throw new Error('There is no task.');
    const args = { order_id: '#W1000001', reason: 'no longer needed', user_id: 'ada_birch_1001' };
    const asked = (effect: string, done: number) => ({ customer: 'ada_birch_1001', effect, times: 2, done });
    const cancel = nameOfEffect('cancel_pending_order', args);
    expect(doublesIn([asked(cancel, 1)], ADAS)).to.deep.equal([]);
    expect(doublesIn([asked(cancel, 2)], ADAS)).to.deep.equal([`${cancel}: 2 instead of 1`]);
    expect(doublesIn([asked(cancel, 1), asked(cancel, 1)], ADAS)).to.deep.equal([`${cancel}: 2 instead of 1`]);
    const other = nameOfEffect('cancel_pending_order', { ...args, order_id: '#W1000002' });
    expect(doublesIn([asked(other, 1)], ADAS)).to.deep.equal([`${other}: 1 instead of 0`]);
  });

  it("find another customer's name, order, address, account and number in any spelling of case", () => {
    if (ADAS === undefined) throw new Error('There is no task.');
    const canaries = new Canaries(madeUpShop(), () => '+12015550100');
    const foreignIn = (text: string) => canaries.foreignIn(text, ADAS);
    expect(foreignIn('{"text":"w1000003 of BEN CEDAR","to":"<ben.cedar02@mail.example>"}')).to.have.members([
      'w1000003',
      'ben cedar',
      'ben.cedar02@mail.example',
    ]);
    expect(foreignIn('974 Larch Road, ben_cedar_1002, gift_card_ben_cedar_1002')).to.have.members([
      'ben_cedar_1002',
      'gift_card_ben_cedar_1002',
    ]);
    expect(foreignIn('Ada Birch, #W1000001, +12015550100')).to.deep.equal([]);
  });

  it('come on channels that change, once from a number not on file, and reach every step', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      for (const script of scripts) {
        const contacts = splitTask(script, seeded(seed));
        const channels = contacts.map(({ way }) => way.replace('strange-', ''));
        expect(contacts.length).to.be.within(2, 3);
        expect(contacts.filter(({ way }) => way === 'strange-call').length).to.equal(1);
        expect(channels.some((channel, at) => channel === channels[at + 1])).to.equal(false);
        const asks = script.steps.filter(({ ask }) => ask > 0);
        expect(contacts.at(-1)?.confirmsUpTo).to.equal(asks.length);
        let from = 0;
        for (const { way, confirmsUpTo } of contacts) {
          const done = asks.slice(from, confirmsUpTo);
          if (way === 'mail') expect(done.every(({ name }) => assuranceOf(name) === 1)).to.equal(true);
          from = Math.max(from, confirmsUpTo);
        }
      }
    }
  });

  it('are played from the corpora (left out where those are not beside the checkout)', async function () {
    if (!existsSync(CORPUS)) this.skip();
    const { database, tasks } = readShop(CORPUS);
    const some = tasks.filter(({ id }) => ['21', '50', '64', '67'].includes(id));
    const report = reportOf(await play({ database, tasks: some, atOnce: 4 }), { command: '', seed: SEED, seconds: 0 });
    expect(report.byTask.filter(({ isRight, problem }) => !isRight || problem !== undefined)).to.deep.equal([]);
    expect(isSound(report)).to.equal(true);
  });
});
