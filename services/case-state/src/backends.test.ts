import { expect } from 'chai';
import { LIMITS } from './documents.ts';
import { CASE, CHAT, joined, refundAction, reported, START_MS, Story, said, stranger, turn } from './specification.ts';

const PHONE = 'ctc_phone';
const asked = (text = 'Refund please') => new Story().when('ContactJoined', joined()).when('CustomerSaid', said(text));
const refund = () => asked().reply({ action: refundAction(), kind: 'refund' });
const idOf = (story: Story): string => story.head().actions.at(-1)?.actionId ?? '';

describe('what is asked of a backend', () => {
  it('is the same thing in whatever order its parameters come', () => {
    const [a, b] = [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ];
    const story = asked().reply({ action: { ...refundAction(), parameters: [a, b] } });
    story.when('ContactJoined', joined({ contactId: PHONE, channel: 'voice', disposition: 'resumed' }));
    expect(story.reply({ action: { ...refundAction(), parameters: [b, a] } }, PHONE).types()).to.deep.equal([]);
    story.when('CustomerSaid', said('Again', PHONE)).reply({ action: { ...refundAction(), parameters: [a] } }, PHONE);
    expect(story.types()).to.include('ActionRequested');
  });

  it('is a read anew for each turn, and a write once', () => {
    const read = { ...refundAction(), name: 'order_status', effect: 'read' as const };
    const story = asked().reply({ action: read });
    story.when('ActionReported', reported(idOf(story))).reply({ text: 'Here.' });
    expect(story.when('CustomerSaid', said('And now?')).reply({ action: read }).types()).to.include('ActionRequested');
    expect(story.head().status).to.equal('open');
  });

  it('is nothing before the contact is sure enough: identity is asked for one level at least', () => {
    const unsure = new Story()
      .when('ContactJoined', stranger({ disposition: 'verify' }))
      .reply({ action: refundAction(0) });
    expect(unsure.toIdentity('StepUpRequested')[0]).to.include({ contactId: CHAT, caseId: CASE, needed: 1 });
    const low = new Story().when('ContactJoined', joined({ assurance: 1 })).when('CustomerSaid', said('Refund'));
    expect(low.reply({ action: refundAction(3) }).toIdentity('StepUpRequested')[0]).to.include({ needed: 3 });
    expect(
      asked()
        .reply({ action: refundAction(2) })
        .types(),
    ).to.deep.equal(['ActionRequested']);
  });

  it('waits in the case until the last write is done', () => {
    const story = refund();
    const first = idOf(story);
    story.when('ActionReported', reported(first, { outcome: 'pending' })).reply({ text: 'Soon.' });
    story.when('CustomerSaid', said('And the other')).reply({ action: { ...refundAction(), parameters: [] } });
    const second = idOf(story);
    story.when('ActionReported', reported(second, { outcome: 'pending', reportId: 'rep_2' }));
    story.when('ActionReported', reported(first, { by: 'backend', reportId: 'rep_3' }));
    expect(story.head().status).to.equal('waiting');
    story.when('ActionReported', reported(second, { by: 'backend', reportId: 'rep_4' }));
    expect(story.head().status).to.equal('open');
  });

  it('ends with its backend’s word: what a runner says of what is pending comes too late', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending' }));
    expect(story.when('ActionReported', reported(idOf(story), { reportId: 'rep_2' })).said).to.deep.equal([]);
    expect(story.head().status).to.equal('waiting');
  });

  it('that failed is told, asks for a person and makes no promise', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'failed' }));
    expect(story.types()).to.deep.equal(['ActionUpdated', 'StatusChanged', 'ContactBriefed']);
    expect(story.head()).to.include({ status: 'open', needsPerson: true });
  });

  it('is another thing with another value', () => {
    const other = { ...refundAction(), parameters: [{ name: 'orderId', value: '4712' }] };
    const story = refund().when('CustomerSaid', said('And the other')).reply({ action: other });
    expect(story.events('ActionRequested')[0]?.parameters).to.deep.equal(other.parameters);
    expect(story.head().actions).to.have.length(2);
  });

  it('is heard of by each who asked, noted once, however often they ask', () => {
    const story = refund();
    story.when('ContactJoined', joined({ contactId: PHONE, channel: 'voice', disposition: 'resumed' }));
    story.reply({ action: refundAction() }, PHONE);
    story.when('CustomerSaid', said('Well?', PHONE)).reply({ action: refundAction() }, PHONE);
    expect(story.head().actions[0]?.waiters.map(({ contactId }) => contactId)).to.deep.equal([CHAT, PHONE]);
  });

  it('is news once, however often a backend says that it is still on its way, or what comes after a failure', () => {
    const story = refund();
    const pending = reported(idOf(story), { outcome: 'pending', by: 'backend' });
    story.when('ActionReported', pending);
    expect(story.when('ActionReported', pending).said).to.deep.equal([]);
    story.when('ActionReported', reported(idOf(story), { outcome: 'failed', by: 'backend', reportId: 'rep_2' }));
    expect(
      story.when('ActionReported', reported(idOf(story), { by: 'backend', reportId: 'rep_3' })).said,
    ).to.deep.equal([]);
  });

  it('that a runner gave up on ends with what its backend says later: it was done all the same', () => {
    const story = refund();
    const gaveUp = { outcome: 'failed' as const, note: 'The system that does this could not be reached.' };
    story.when('ActionReported', reported(idOf(story), gaveUp)).reply({ text: 'It did not work.' });
    const paid = reported(idOf(story), { by: 'backend', note: 'Paid.', reportId: 'rep_2' });
    story.when('ActionReported', paid);
    expect(story.events('ActionUpdated')[0]).to.deep.include({ by: 'backend' });
    expect(story.head().actions[0]).to.include({ state: 'done', note: 'Paid.' });
    expect(story.briefing().briefing.actions[0]).to.include({ state: 'done', note: 'Paid.' });
    expect(story.head().needsPerson, 'somebody may have begun to do it by hand').to.equal(true);
    expect(story.when('ActionReported', paid).said, 'said again').to.deep.equal([]);
    story.when('CustomerSaid', said('Try again')).reply({ action: refundAction() });
    expect(story.events('ActionRequested'), 'it runs no second time (law 3)').to.deep.equal([]);
  });

  it('that a runner gave up on is still on its way where its backend says so later', () => {
    const story = refund().when('ContactJoined', joined({ contactId: PHONE, channel: 'voice' }));
    story.when('ActionReported', reported(idOf(story), { outcome: 'failed' }));
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending', by: 'backend', reportId: 'rep_2' }));
    expect(story.head().actions[0]).to.include({ state: 'pending' });
    story.when('ActionReported', reported(idOf(story), { outcome: 'failed', by: 'backend', reportId: 'rep_3' }));
    expect(story.head().actions[0]).to.include({ state: 'failed' });
    story.when('ActionReported', reported(idOf(story), { by: 'backend', reportId: 'rep_4' }));
    expect(story.said).to.deep.equal([]);
  });

  it('that a runner gave up on has failed once, also where its backend says so too', () => {
    const story = refund().when('ActionReported', reported(idOf(refund()), { outcome: 'failed' }));
    const failed = reported(idOf(story), { outcome: 'failed', by: 'backend', reportId: 'rep_2' });
    expect(story.when('ActionReported', failed).said).to.deep.equal([]);
  });

  it('leaves the case as it is where it only reads', () => {
    const story = asked().reply({ action: { ...refundAction(), name: 'order_status', effect: 'read' } });
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending', promiseDueMs: START_MS + 1 }));
    expect(story.types()).to.deep.equal(['ActionUpdated', 'ContactBriefed']);
  });

  it('ends its own promise and no other, and leaves a case with a person that a person has', () => {
    const story = refund();
    story.when('ActionReported', reported(idOf(story), { outcome: 'pending' }));
    story.reply({ text: 'Soon.', promise: 'We call you.', handover: 'Wants a person.' });
    story.when('ActionReported', reported(idOf(story), { by: 'backend', reportId: 'rep_2' }));
    expect(story.head().promises.map(({ text, state }) => [text === 'We call you.', state])).to.deep.equal([
      [false, 'kept'],
      [true, 'open'],
    ]);
    expect(story.head()).to.include({ status: 'waiting', needsPerson: true });
  });

  it('is told to who asked, and what a backend says later to who is there and sure enough, mails aside', () => {
    const present = (): Story => {
      const story = refund();
      story.when('ContactJoined', joined({ contactId: PHONE, channel: 'voice', disposition: 'resumed' }));
      story.when('ContactJoined', joined({ contactId: 'ctc_mail', channel: 'email', disposition: 'resumed' }));
      return story.when('ContactJoined', joined({ contactId: 'ctc_unsure', assurance: 0, disposition: 'verify' }));
    };
    const told = (story: Story) => story.events('ContactBriefed').map(({ contactId }) => contactId);
    const story = present();
    expect(told(story.when('ActionReported', reported(idOf(story), { outcome: 'pending' })))).to.deep.equal([CHAT]);
    const later = reported(idOf(story), { by: 'backend', reportId: 'rep_2' });
    expect(told(story.when('ActionReported', later))).to.deep.equal([CHAT, PHONE]);
    const low = present().when('ContactJoined', joined({ contactId: 'ctc_low', assurance: 1, disposition: 'resumed' }));
    expect(told(low.when('ActionReported', reported(idOf(low), { by: 'backend' })))).to.include('ctc_low');
  });

  it('is kept while it runs; of what has ended the oldest reads are let go', () => {
    const read = { ...refundAction(), name: 'order_status', effect: 'read' as const };
    const many = (count: number, each: (story: Story, n: number) => unknown): Story => {
      const story = refund();
      story.when('ActionReported', reported(idOf(story))).reply({ text: 'Done.' });
      for (let n = 0; n < count; n += 1) each(story.when('CustomerSaid', said(`${n}?`)).reply({ action: read }), n);
      return story;
    };
    const ended = many(25, (story, n) =>
      story.when('ActionReported', reported(idOf(story), { reportId: `rep_r${n}` })).reply({ text: 'Here.' }),
    );
    expect(ended.head().actions).to.have.length(LIMITS.actions);
    expect(ended.head().actions[0]?.name).to.equal('request_refund');
    expect(ended.head().actions.at(-1)?.waiters[0]?.inputId).to.equal(turn('24?').inputId);
    expect(many(25, () => undefined).head().actions).to.have.length(26);
  });
});
