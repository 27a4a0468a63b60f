import { expect } from 'chai';
import fc from 'fast-check';
import { caseLists } from './documents.ts';
import { fact, joined, refundAction, reported, Story, said, turn } from './specification.ts';

type Step = (story: Story) => unknown;
const contactId = fc.constantFrom('ctc_1', 'ctc_2', 'ctc_3');
const word = fc.constantFrom('Refund', 'Order 4711', 'Thanks', 'My number is 482913', 'No');

/** Anything that may happen, in any order, to a case with three contacts. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ contactId, hop: fc.integer({ min: 1, max: 3 }), settled: fc.boolean(), codeAwaited: fc.boolean() }).map(
    (over): Step =>
      (story) =>
        story.when('ContactJoined', joined(over)),
  ),
  fc.tuple(contactId, word, fc.nat(9)).map(
    ([id, text, index]): Step =>
      (story) =>
        story.contact(id) && story.when('CustomerSaid', said(text, id, { turn: turn(text, `${id}${text}${index}`) })),
  ),
  fc.tuple(contactId, fc.option(word), fc.boolean(), fc.boolean(), word).map(
    ([id, text, hasAction, resolves, value]): Step =>
      (story) =>
        story.contact(id) &&
        story.reply({ text, resolves, action: hasAction ? refundAction() : null, facts: [fact('reason', value)] }, id),
  ),
  fc.tuple(fc.nat(5), fc.constantFrom('done', 'pending', 'failed'), fc.nat(5)).map(
    ([index, outcome, reportIndex]): Step =>
      (story) => {
        const action = story.head()?.actions[index];
        const over = { outcome, by: 'backend', reportId: `rep_${reportIndex}` } as const;
        return action && story.when('ActionReported', reported(action.actionId, over));
      },
  ),
  fc.tuple(contactId, fc.integer({ min: 1, max: 40 })).map(
    ([, days]): Step =>
      (story) =>
        story.head() && story.wait(days * 3_600_000),
  ),
);

describe('a case, whatever happens in whatever order', () => {
  it('numbers its entries without a gap and keeps each of them once (laws 1, 2)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const story = new Story();
        for (const each of steps) each(story);
        const entries = [...story.documents.keys()].filter((name) => name.startsWith('entry '));
        expect(entries).to.have.length(story.head()?.version ?? 0);
      }),
      { numRuns: 150 },
    );
  });

  it('asks a backend once for each action id (law 3)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const story = new Story();
        for (const each of steps) each(story);
        const asked = [...story.documents.values()]
          .map((content) => content as { type?: string; body?: { actionId: string } })
          .filter((entry) => entry.type === 'ActionRequested')
          .map((entry) => entry.body?.actionId);
        expect(new Set(asked).size).to.equal(asked.length);
      }),
      { numRuns: 150 },
    );
  });

  it('never keeps six digits while a code is awaited', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const story = new Story().when('ContactJoined', joined({ contactId: 'ctc_1', hop: 9, codeAwaited: true }));
        for (const each of steps) each(story);
        story.when('CustomerSaid', said('It is 482913', 'ctc_1', { turn: turn('It is 482913', 'last') }));
        const kept = [story.said, story.contact('ctc_1'), story.head().tail.at(-1)];
        expect(story.events('InteractionAdded')).to.have.length(1);
        expect(JSON.stringify(kept)).to.not.include('482913');
      }),
      { numRuns: 60 },
    );
  });

  it('is on the lists of its customer, its status and what it needs', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('A person please'));
    story.reply({ handover: 'Wants a person.', text: 'Somebody will call.' });
    expect(caseLists(story.head()).map((each) => each.list)).to.deep.equal([
      'all',
      'customer:cus_1',
      'status:waiting',
      'needs:person',
    ]);
  });
});
