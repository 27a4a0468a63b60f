import { expect } from 'chai';
import { CASE, CHAT, joined, refundAction, reported, Story, said, stranger } from './specification.ts';

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
});
