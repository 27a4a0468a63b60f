import { expect } from 'chai';
import fc from 'fast-check';
import { fact, joined, refundAction, reported, Story, said } from '../specification.ts';
import { mayRead } from './policy.ts';

const READER = 'ctc_reader';
const sensitivity = fc.constantFrom('status', 'personal', 'financial', 'secret');
const levels = fc.integer({ min: 0, max: 3 });

/** A value that is found wherever it leaks. */
const canary = (index: number) => `canary-${index}-end`;

describe('a briefing', () => {
  it('gives no value above what the contact has earned, and its own turns always (law 5)', () => {
    const known = fc.array(fc.record({ sensitivity, writtenAssurance: levels }), { maxLength: 12 });
    fc.assert(
      fc.property(known, levels, (facts, assurance) => {
        const story = new Story().when('ContactJoined', joined());
        for (const [index, each] of facts.entries()) {
          const contactId = `ctc_${index}`;
          story.when('ContactJoined', joined({ contactId, assurance: each.writtenAssurance, disposition: 'resumed' }));
          const value = canary(index);
          story.reply({ facts: [fact(`name_${index}`, value, { sensitivity: each.sensitivity })] }, contactId);
          story.when('CustomerSaid', said(`word-${value}`, contactId));
        }
        story.when('ContactJoined', joined({ contactId: READER, assurance, disposition: 'resumed' }));
        story.when('CustomerSaid', said('My own words', READER));
        const { briefing, receipt } = story.briefing();
        for (const [index, written] of facts.entries()) {
          // A name that nobody has listed is personal at least.
          const label = written.sensitivity === 'status' ? 'personal' : written.sensitivity;
          const asked = { assurance, writtenAssurance: written.writtenAssurance, own: false };
          if (!mayRead({ ...asked, sensitivity: label, kind: 'fact' }).allowed)
            expect(JSON.stringify(briefing.facts)).to.not.include(canary(index));
          if (!mayRead({ ...asked, sensitivity: 'personal', kind: 'turn' }).allowed)
            expect(JSON.stringify(briefing)).to.not.include(`word-${canary(index)}`);
        }
        expect(JSON.stringify(receipt)).to.not.include('canary');
        expect(briefing.unanswered.map((each) => each.text)).to.deep.equal(['My own words']);
      }),
      { numRuns: 60 },
    );
  });

  it('gives a contact that is only claimed nothing but what it said itself', () => {
    const story = new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('Refund'))
      .reply({ kind: 'refund', facts: [fact('order_number', '4711')], action: refundAction() });
    story.when(
      'ActionReported',
      reported(story.head().actions[0]?.actionId ?? '', { outcome: 'pending', note: 'Soon' }),
    );
    story.when('ContactJoined', joined({ contactId: READER, assurance: 0, disposition: 'resumed' }));
    expect(story.briefing().briefing).to.deep.equal({
      status: 'open',
      kind: null,
      needsPerson: false,
      facts: [],
      knownFacts: [],
      question: null,
      promises: [],
      actions: [],
      unanswered: [],
      news: [],
      newsWithheld: 1,
      recent: [],
      firstWords: true,
      asked: [],
    });
    story.reply({ facts: [fact('reason', 'broken')], text: 'Thanks' }, READER);
    story.when('CustomerSaid', said('And now', READER));
    expect(story.briefing().briefing.facts.map((each) => each.value)).to.deep.equal(['broken']);
  });

  it('names what is known and withheld, so that it is not asked for again', () => {
    const story = new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('It broke'))
      .reply({ facts: [fact('reason', 'broke')], text: 'Thanks' });
    story.when('ContactJoined', joined({ contactId: READER, assurance: 1, disposition: 'resumed' }));
    expect(story.briefing().briefing).to.deep.include({ knownFacts: ['reason'], facts: [], newsWithheld: 1 });
    expect(story.briefing().receipt.withheld).to.deep.include({
      item: 'fact:reason',
      sensitivity: 'personal',
      reason: 'needs-2',
    });
  });

  it('gives what happened on other channels since this one was last replied to as news', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello')).reply({ text: 'Hi' });
    story.when('ContactJoined', joined({ contactId: READER, disposition: 'resumed' })).reply({ text: 'Yes?' }, READER);
    story.when('CustomerSaid', said('By phone: it is urgent', READER)).when('CustomerSaid', said('Any news?'));
    const { news, recent } = story.briefing().briefing;
    expect(news.map((each) => each.text)).to.deep.equal(['By phone: it is urgent']);
    expect(recent.map((each) => each.text)).to.deep.equal(['Hello', 'Hi', 'Yes?']);
  });

  it('fits its budget, and says what did not fit (law 6)', () => {
    const story = new Story().when('ContactJoined', joined());
    const facts = Array.from({ length: 40 }, (_, index) => fact(`thing_${index}`, 'x'.repeat(400)));
    story.when('CustomerSaid', said('ä'.repeat(30_000))).reply({ facts, text: 'Thanks' });
    story.when('CustomerSaid', said(`Now ${'ü'.repeat(30_000)}`));
    const { receipt, briefing } = story.briefing();
    expect(receipt.bytes).to.be.at.most(receipt.budgetBytes);
    expect(receipt.withheld.some((line) => line.reason === 'budget')).to.equal(true);
    expect(briefing.unanswered[0]?.text.startsWith('Now ü')).to.equal(true);
  });

  it('costs the same however long the case is (law 6)', () => {
    const costAfter = (turns: number) => {
      const story = new Story().when('ContactJoined', joined());
      for (let index = 0; index < turns; index += 1)
        story.when('CustomerSaid', said(`Turn ${String(index).padStart(9, '0')}`)).reply({ text: 'Yes.' });
      story.when('ContactJoined', joined({ contactId: READER, disposition: 'resumed' }));
      return { loaded: story.loaded, bytes: story.bytes };
    };
    const [short, long] = [costAfter(20), costAfter(1200)];
    expect(long.loaded).to.equal(short.loaded);
    expect(long.bytes).to.be.closeTo(short.bytes, short.bytes * 0.05);
  });
});
