import { expect } from 'chai';
import { fact, joined, refundAction, reported, Story, said, stranger, turn, weighed } from '../specification.ts';
import { BUDGET_BYTES, type Item, Packing } from './packing.ts';

const READER = 'ctc_reader';
const opened = () => new Story().when('ContactJoined', joined());
const read = (of: Story, assurance = 2) =>
  of.when('ContactJoined', joined({ contactId: READER, disposition: 'resumed', assurance })).briefing();
const lines = (all: readonly { readonly item: string; readonly sensitivity: string; readonly reason: string }[]) =>
  all.map(({ item, sensitivity, reason }) => `${item} ${sensitivity} ${reason}`);
const actionIdOf = (of: Story) => of.head().actions[0]?.actionId ?? '';

/** A refund that is under way: with a fact, a question that nobody has answered, two promises and a note of the backend. */
function underWay(note: string | null = 'In two days') {
  const of = opened().when('CustomerSaid', said('It broke'));
  of.reply({ text: 'Which order?', asks: 'order_number', kind: 'refund', facts: [fact('reason', 'broke')] });
  of.when('CustomerSaid', said('4711')).reply({ text: 'I ask.', action: refundAction(), promise: 'We will call.' });
  return of.when('ActionReported', reported(actionIdOf(of), { outcome: 'pending', note }));
}

describe('a briefing and its receipt', () => {
  it('hold all of a case that its reader may have, each under its name, with why', () => {
    const of = underWay();
    const { briefing, receipt } = read(of);
    const [ours, theirs] = of.head().promises.map((one) => one.promiseId);
    expect(lines(receipt.given)).to.deep.equal([
      'case:status status level-1',
      'case:kind status level-1',
      'fact:reason personal level-2',
      'question:order_number personal level-2',
      `promise:${ours} personal level-2`,
      `promise:${theirs} status level-1`,
      'action:request_refund status level-1',
      'note:request_refund status level-1',
      'turn:14 personal level-2',
      'turn:10 personal level-2',
      'turn:9 personal level-2',
      'turn:3 personal level-2',
    ]);
    const state = ['waiting', 'refund', 'broke', 'Which order?', 'We will call.', 'In two days'];
    const values = [...state, 'request_refund', 'In two days', 'I ask.', '4711', 'Which order?', 'It broke'];
    const { bytes, withheld, budgetBytes, policy } = receipt;
    expect({ bytes, withheld, budgetBytes, policy }).to.deep.equal({
      bytes: values.join('').length,
      withheld: [],
      budgetBytes: 4096,
      policy: 'table-1',
    });
    expect(briefing).to.deep.include({ status: 'waiting', kind: 'refund', needsPerson: false, knownFacts: [] });
    expect(briefing.question?.text).to.equal('Which order?');
    expect(briefing.promises.map((one) => one.text)).to.deep.equal(['We will call.', 'In two days']);
    expect(briefing.actions.map((one) => one.note)).to.deep.equal(['In two days']);
    expect(briefing.recent.map((one) => one.text)).to.deep.equal(['Which order?', 'I ask.']);
  });

  it('hold for assurance 1 where the case stands, and withhold what is personal', () => {
    const of = underWay();
    const { briefing, receipt } = read(of, 1);
    expect(briefing).to.deep.include({ status: 'waiting', kind: 'refund', question: null, news: [], newsWithheld: 2 });
    expect(briefing.actions.map(({ state, note }) => [state, note])).to.deep.equal([['pending', 'In two days']]);
    expect(briefing.promises.map((one) => one.text)).to.deep.equal(['In two days']);
    const withheld = lines(receipt.withheld);
    expect(withheld).to.include.members(['fact:reason personal needs-2', 'question:order_number personal needs-2']);
    expect(withheld).to.include.members(['turn:3 personal needs-2', 'turn:14 personal needs-2']);
  });

  it('judge what a backend wrote by its own words, and know of no note where it wrote none', () => {
    const paid = () => underWay('You get $40 back');
    expect(read(paid(), 1).briefing.actions[0]?.note).to.equal(null);
    expect(lines(read(paid(), 1).receipt.withheld)).to.include('note:request_refund financial needs-2');
    expect(read(paid()).briefing.actions[0]?.note).to.equal('You get $40 back');
    const { briefing, receipt } = read(underWay(null));
    expect(briefing.actions[0]?.note).to.equal(null);
    const named = [...receipt.given, ...receipt.withheld].map((line) => line.item);
    expect(named.filter((item) => item.startsWith('note:'))).to.deep.equal([]);
  });

  it('hold open promises alone', () => {
    const of = opened().when('CustomerSaid', said('When?'));
    of.reply({ text: 'By noon.', promise: 'By noon.', promiseDueMs: of.nowMs + 1000 }).wait(1000);
    const { briefing, receipt } = read(of);
    expect(briefing.promises).to.deep.equal([]);
    expect(lines(receipt.given).filter((line) => line.startsWith('promise:'))).to.deep.equal([]);
  });

  it('say that a person is asked for to whoever may know where the case stands', () => {
    const handed = () =>
      opened().when('CustomerSaid', said('Help')).reply({ text: 'Yes.', handover: 'Wants a person.' });
    expect(read(handed(), 1).briefing).to.include({ status: 'waiting', needsPerson: true });
    expect(read(handed(), 0).briefing).to.include({ status: 'open', needsPerson: false });
  });

  it('hold several actions and turns in the order of time, and take the newest in first', () => {
    const other = { ...refundAction(), name: 'cancel_order' };
    const of = opened().when('CustomerSaid', said('Refund')).reply({ action: refundAction() });
    of.when('CustomerSaid', said('Or cancel')).reply({ action: other });
    for (const text of ['One', 'Two', 'Three']) of.when('CustomerSaid', said(text));
    const { briefing, receipt } = of.briefing();
    expect(briefing.actions.map((one) => one.name)).to.deep.equal(['request_refund', 'cancel_order']);
    const given = receipt.given.map((line) => line.item).filter((item) => /^(action|turn):/.test(item));
    const numbers = briefing.unanswered.map((one) => `turn:${one.number}`);
    expect(briefing.unanswered.slice(-3).map((one) => one.text)).to.deep.equal(['One', 'Two', 'Three']);
    const [newest, ...former] = [...numbers].reverse();
    expect(given).to.deep.equal([newest, 'action:cancel_order', 'action:request_refund', ...former]);
  });

  it('hold the beginning of a long turn, and say that the rest stayed away', () => {
    const of = opened().when('CustomerSaid', said('x'.repeat(3000)));
    const { briefing, receipt } = of.briefing();
    const { number, text } = briefing.unanswered[0] ?? {};
    expect(text).to.equal('x'.repeat(2400));
    expect(lines(receipt.withheld)).to.deep.equal([`turn:${number}:rest personal budget`]);
    expect(opened().when('CustomerSaid', said('Short')).briefing().receipt.withheld).to.deep.equal([]);
  });

  it('hold as recent what others said before this contact was replied to, and later words as news', () => {
    const of = opened().when('CustomerSaid', said('Before'));
    read(of);
    of.reply({ text: 'Hello' }, READER).when('CustomerSaid', said('After'));
    of.when('CustomerSaid', said('And I?', READER));
    const { news, recent, unanswered } = of.briefing().briefing;
    expect(news.map((one) => one.text)).to.deep.equal(['After']);
    expect(recent.map((one) => one.text)).to.deep.equal(['Before', 'Hello']);
    expect(unanswered.map((one) => one.text)).to.deep.equal(['And I?']);
  });

  it('hold of a stranger’s own conversation all of it, also what is secret to anybody else', () => {
    const secret = 'My password is hunter2';
    const of = new Story().when('ContactJoined', stranger()).when('CustomerSaid', said(secret));
    of.when('TurnWeighed', weighed(turn(secret).inputId)).reply({
      text: 'What is your pin?',
      asks: 'reason',
      kind: 'order',
    });
    of.when('CustomerSaid', said('No')).when('TurnWeighed', weighed(turn('No').inputId));
    const { briefing, receipt } = of.briefing();
    expect(briefing.recent.map((one) => one.text)).to.deep.equal([secret, 'What is your pin?']);
    expect(briefing.question?.text).to.equal('What is your pin?');
    expect(briefing).to.include({ status: 'open', kind: 'order' });
    expect(receipt.withheld).to.deep.equal([]);
    expect(new Set(receipt.given.map((line) => line.reason))).to.deep.equal(new Set(['own']));
  });

  it('name a turn that came along from another case by its input', () => {
    const carried = { ...turn('My lamp broke'), number: 0, contactId: 'ctc_chat', channel: 'chat', from: 'customer' };
    const { inputId, text, atMs, number, contactId } = carried;
    const one = { inputId, text, atMs, number, contactId, channel: 'chat', from: 'customer' } as const;
    const arriving = joined({ movedFrom: 'case_0', hop: 2, carriedTurns: [one] });
    const given = new Story()
      .when('ContactJoined', arriving)
      .briefing()
      .receipt.given.map((line) => line.item);
    expect(given[0]).to.equal(`carried:${inputId}`);
  });
});

describe('packing a briefing', () => {
  const item = (text: string, over: Partial<Item> = {}): Item => {
    return {
      name: 'fact:one',
      kind: 'fact',
      sensitivity: 'status',
      writtenAssurance: 0,
      own: false,
      values: [text],
      ...over,
    };
  };
  const packing = (assurance = 1) => new Packing({ assurance, contactId: READER });

  it('takes in what fits to the last byte, and nothing beyond', () => {
    const one = packing();
    expect(one.give(item('x'.repeat(BUDGET_BYTES - 2)))).to.equal(true);
    expect(one.give(item('ää'))).to.equal(false);
    expect(one.give(item('ä'))).to.equal(true);
    expect(one.give(item('x'))).to.equal(false);
    const { bytes, withheld } = one.receipt();
    expect(bytes).to.equal(BUDGET_BYTES);
    expect(withheld.map((line) => line.reason)).to.deep.equal(['budget', 'budget']);
  });

  it('counts all the values of an item', () => {
    const one = packing();
    one.give(item('', { values: ['ab', 'ä'] }));
    expect(one.receipt().bytes).to.equal(4);
  });

  it('cuts a text to what is left, and to what it may have at most', () => {
    const one = packing();
    expect(one.cut('x'.repeat(10), 4)).to.equal('xxxx');
    one.give(item('x'.repeat(BUDGET_BYTES - 3)));
    expect(one.cut('x'.repeat(10), 4)).to.equal('xxx');
  });

  it('writes down why something stayed away, the policy before the budget', () => {
    const one = packing(0);
    one.give(item('x'.repeat(BUDGET_BYTES + 1)));
    one.shortened(item('x'));
    expect(one.receipt()).to.deep.include({
      given: [],
      withheld: [
        { item: 'fact:one', sensitivity: 'status', reason: 'needs-1' },
        { item: 'fact:one:rest', sensitivity: 'status', reason: 'budget' },
      ],
    });
  });
});
