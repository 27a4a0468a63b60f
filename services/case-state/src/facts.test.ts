import { expect } from 'chai';
import { LIMITS } from './documents.ts';
import { CHAT, fact, joined, mac, refundAction, reported, Story, said } from './specification.ts';

const asked = (text = 'Refund please') => new Story().when('ContactJoined', joined()).when('CustomerSaid', said(text));
const refund = () => asked().reply({ action: refundAction(), kind: 'refund' });
const idOf = (story: Story): string => story.head().actions.at(-1)?.actionId ?? '';

describe('what a case knows', () => {
  it('is the stricter label, a bounded value, and nothing that is empty', () => {
    const facts = [
      fact('reason', 'x'.repeat(600)),
      fact('empty', ''),
      fact('card', 'It was $400', { sensitivity: 'secret' }),
    ];
    const story = asked().reply({ facts, text: 'I see.' });
    expect(
      story.events('FactRecorded').map((each) => [each.fact.name, each.fact.value.length, each.fact.sensitivity]),
    ).to.deep.equal([
      ['reason', 500, 'personal'],
      ['card', 11, 'secret'],
    ]);
    expect(story.head().facts[0]).to.include({ contactId: CHAT, assurance: 2 });
  });

  it('is what a backend says, whoever says otherwise afterwards', () => {
    const story = refund();
    const facts = [fact('refund_status', 'paid', { source: 'backend' })];
    story.when('ActionReported', reported(idOf(story), { facts }));
    expect(story.head().facts[0]).to.include({ source: 'backend', contactId: null });
    story.reply({ text: 'Paid.', facts: [fact('refund_status', 'open', { source: 'backend' })] });
    expect(story.head().facts.map(({ value }) => value)).to.deep.equal(['paid']);
    const earlier = asked().reply({ facts: [fact('refund_status', 'open')], action: refundAction() });
    earlier.when('ActionReported', reported(idOf(earlier), { facts }));
    expect(earlier.head().facts.map(({ value, source }) => [value, source])).to.deep.equal([['paid', 'backend']]);
  });

  it('is by which orders identity finds the case, as keyed hashes alone', () => {
    const facts = [fact('reason', '20-5588'), fact('order_number', '10-4477')];
    const story = asked().reply({ facts, text: 'I see.' });
    expect(story.head().references).to.deep.equal([mac('reference', '104477')]);
    expect(story.toIdentity('CaseNoticed')[0]?.references).to.deep.equal([mac('reference', '104477')]);
  });

  it('is bounded: the oldest facts and orders are let go', () => {
    const facts = Array.from({ length: LIMITS.facts + 2 }, (_, n) => fact(`name_${n}`, `v${n}`));
    const story = asked().reply({ facts, text: 'I see.' });
    expect(story.head().facts.length).to.equal(LIMITS.facts);
    expect(story.head().facts[0]?.name).to.equal('name_2');
    for (let n = 0; n < LIMITS.references + 1; n += 1)
      story
        .when('CustomerSaid', said(`Order ${n}`))
        .reply({ facts: [fact('order_number', `47${10 + n}`)], text: 'I see.' });
    expect(story.head().references.length).to.equal(LIMITS.references);
  });
});
