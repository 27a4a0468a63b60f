import { expect } from 'chai';
import { CASE, CHAT, decidedMove, joined, START_MS, Story, said, stranger } from './specification.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const opened = () => new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));

describe('time', () => {
  it('ends a chat that has been idle for half an hour, counted from the last turn', () => {
    const story = opened()
      .wait(20 * MINUTE_MS)
      .when('CustomerSaid', said('Still here'));
    story.wait(29 * MINUTE_MS);
    expect(story.contact().ended).to.equal(false);
    story.wait(2 * MINUTE_MS);
    expect(story.contact().ended).to.equal(true);
    expect(story.events('ContactEnded')[0]?.reason).to.equal('idle');
  });

  it('takes an idle contact back with its next turn', () => {
    const story = opened()
      .wait(31 * MINUTE_MS)
      .when('CustomerSaid', said('Sorry'));
    expect(story.contact().ended).to.equal(false);
    expect(story.wait(31 * MINUTE_MS).contact().ended).to.equal(true);
  });

  it('leaves a phone call to its carrier', () => {
    const story = new Story().when('ContactJoined', joined({ channel: 'voice' })).wait(DAY_MS);
    expect(story.contact().ended).to.equal(false);
  });

  it('breaks a promise that falls due, and asks for a person', () => {
    const story = opened().reply({ text: 'By noon.', promise: 'By noon.', promiseDueMs: START_MS + DAY_MS });
    story.wait(DAY_MS);
    expect(story.head()).to.include({ needsPerson: true });
    expect(story.head().promises.map((promise) => promise.state)).to.deep.equal(['broken']);
    const again = [...story.head().promises].map((promise) => `promise:${CASE}:${promise.promiseId}`)[0] ?? '';
    expect(story.when('TimerFired', { timerId: again, dueMs: 0 }).said).to.deep.equal([]);
  });

  it('closes a case that stayed resolved for fourteen days', () => {
    const story = opened().reply({ text: 'Done.', resolves: true });
    story.wait(13 * DAY_MS);
    expect(story.head().status).to.equal('resolved');
    story.wait(DAY_MS);
    expect(story.head().status).to.equal('closed');
  });

  it('counts anew when it was opened in between', () => {
    const story = opened()
      .reply({ text: 'Done.', resolves: true })
      .wait(10 * DAY_MS);
    story.when('CustomerSaid', said('It broke again')).reply({ text: 'Done again.', resolves: true });
    story.when('TimerFired', { timerId: `close:${CASE}`, dueMs: 0 });
    expect(story.head().status).to.equal('resolved');
    expect(story.wait(14 * DAY_MS).head().status).to.equal('closed');
  });

  it('closes nothing that was opened again, though a timer is late', () => {
    const story = opened().reply({ text: 'Done.', resolves: true });
    const fired = { timerId: `close:${CASE}`, dueMs: 0 };
    story.when('CustomerSaid', said('It broke again'));
    story.nowMs += 20 * DAY_MS;
    expect(story.when('TimerFired', fired).head().status).to.equal('open');
  });

  it('does not end a contact that has moved, whose chat goes on elsewhere', () => {
    const story = new Story().when('ContactJoined', stranger()).when('MoveDecided', decidedMove(null));
    story.nowMs += DAY_MS;
    expect(story.when('TimerFired', { timerId: `idle:${CHAT}`, dueMs: 0 }).said).to.deep.equal([]);
  });

  it('means nothing for what is gone or unknown', () => {
    const story = opened();
    for (const timerId of ['idle:ctc_none', `close:${CASE}`, 'promise:none', 'other'])
      expect(story.when('TimerFired', { timerId, dueMs: 0 }).said).to.deep.equal([]);
    for (const timerId of [`idle:${CHAT}`, `close:${CASE}`, 'promise:none'])
      expect(new Story().when('TimerFired', { timerId, dueMs: 0 }).said).to.deep.equal([]);
  });
});
