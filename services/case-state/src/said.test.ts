import { expect } from 'chai';
import { LIMITS } from './documents.ts';
import { CASE, CHAT, joined, START_MS, Story, said, turn } from './specification.ts';

describe('what is kept of a turn', () => {
  it('is the turn whole on the record, with who said it how surely, and its beginning on the tail of the case', () => {
    const text = `Hello ${'x'.repeat(600)}`;
    const story = new Story().when('ContactJoined', joined({ channel: 'voice', assurance: 1 }));
    story.wait(5).when('CustomerSaid', said(text));
    const [added] = story.events('InteractionAdded');
    expect(added).to.deep.include({
      caseId: CASE,
      contactId: CHAT,
      channel: 'voice',
      turn: turn(text),
      sensitivity: 'personal',
      assurance: 1,
      atMs: START_MS + 5,
    });
    expect(story.head().tail).to.deep.equal([
      {
        number: added?.number,
        inputId: turn(text).inputId,
        contactId: CHAT,
        channel: 'voice',
        from: 'customer',
        text: text.slice(0, LIMITS.tailTextLength),
        atMs: START_MS + 5,
        sensitivity: 'personal',
        assurance: 1,
      },
    ]);
    expect(story.contact()).to.deep.include({
      unanswered: [added?.number],
      frames: [added?.number],
      taken: [turn(text).inputId],
      newestInputId: turn(text).inputId,
      lastActiveMs: START_MS + 5,
    });
    expect(story.head().hasTurns).to.equal(true);
  });

  it('names each thing that was masked once, also what a gateway had masked before', () => {
    const story = new Story().when('ContactJoined', joined({ codeAwaited: true }));
    const given = { ...turn('My code is 482913, and 482913 again'), masked: ['card'], codeProofs: ['proof'] };
    story.when('CustomerSaid', said('', CHAT, { turn: given }));
    const kept = story.events('InteractionAdded')[0]?.turn;
    expect(kept?.masked).to.deep.equal(['card', 'code']);
    expect(kept?.codeProofs).to.have.length(2);
    const clean = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    expect(clean.events('InteractionAdded')[0]?.turn).to.deep.include({ masked: [], codeProofs: [] });
  });

  it('is the newest of it: neither the tail nor what a contact remembers grows without end', () => {
    const story = new Story().when('ContactJoined', joined());
    for (let n = 0; n < 130; n += 1) story.when('CustomerSaid', said(`Turn ${n}`));
    const { unanswered, taken, frames } = story.contact();
    expect([story.head().tail.length, unanswered.length, taken.length, frames.length]).to.deep.equal([
      12, 20, 100, 130,
    ]);
    expect(story.head().tail.at(-1)?.text).to.equal('Turn 129');
    expect(taken.at(-1)).to.equal(turn('Turn 129').inputId);
  });

  it('opens a case that is over for whoever wants something, and not for thanks', () => {
    const served = () =>
      new Story()
        .when('ContactJoined', joined())
        .when('CustomerSaid', said('Hello'))
        .reply({ text: 'Done.', resolves: true });
    const thanked = served().when('CustomerSaid', said('Thanks, bye'));
    expect(thanked.head().status).to.equal('resolved');
    expect(thanked.contact().reopened).to.equal(false);
    for (const words of ["That's all, but please cancel the order", 'I was charged twice. Have a nice day']) {
      expect(served().when('CustomerSaid', said(words)).head().status, words).to.equal('open');
    }
    const again = served().when('CustomerSaid', said('It broke again'));
    expect(again.events('StatusChanged')[0]).to.include({ from: 'resolved', to: 'open', needsPerson: false });
    expect(again.contact().reopened).to.equal(true);
    const unanswerable = served().when('ContactJoined', joined({ contactId: 'ctc_2', answerable: false }));
    expect(unanswerable.when('CustomerSaid', said('It broke', 'ctc_2')).head().status).to.equal('resolved');
  });
});
