import { expect } from 'chai';
import { missed } from './connections.ts';
import { entryRef } from './documents.ts';
import { CASE, CHAT, joined, START_MS, Story, said, stranger } from './specification.ts';

const back = (after: string | null, over = {}) => ({
  contactId: CHAT,
  caseId: CASE,
  connectionId: 'con_2',
  wantsFrames: true,
  after,
  hop: 1,
  ...over,
});
const left = { contactId: CHAT, caseId: CASE, reason: 'left' as const, atMs: START_MS + 5 };

describe('a connection that came back', () => {
  const talked = () =>
    new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('One'))
      .reply({ text: 'Two' })
      .when('CustomerSaid', said('Three'));

  it('gets everything of its contact when it has nothing', () => {
    const story = talked().when('ContactJoined', joined({ contactId: 'ctc_2' }));
    story.when('CustomerSaid', said('Somebody else', 'ctc_2')).when('ContactReconnected', back(null));
    const frames = story.events('ContactCaughtUp')[0]?.frames ?? [];
    const [one, three] = [said('One').turn.inputId, said('Three').turn.inputId];
    expect(frames.map(({ from, text, inputId }) => [from, text, inputId])).to.deep.equal([
      ['customer', 'One', one],
      ['agent', 'Two', one],
      ['customer', 'Three', three],
    ]);
  });

  it('gets what came after what it has', () => {
    const story = talked().when('ContactReconnected', back(null));
    const second = story.events('ContactCaughtUp')[0]?.frames[1]?.entryId ?? '';
    story.when('ContactReconnected', back(second));
    expect(story.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text)).to.deep.equal(['Three']);
    expect(story.contact().connectionId).to.equal('con_2');
  });

  it('gets no frames unless it asks, and hears which turn is still weighed', () => {
    const story = new Story().when('ContactJoined', stranger()).when('CustomerSaid', said('I am Ines'));
    const { inputId } = story.events('InteractionAdded')[0]?.turn ?? {};
    story.when('ContactReconnected', back(null, { wantsFrames: false }));
    expect(story.events('ContactCaughtUp')[0]).to.deep.include({ frames: [], unanswered: inputId, settled: false });
  });

  it('gets the oldest two hundred kilobytes first, and the rest when it asks again', () => {
    const story = new Story().when('ContactJoined', joined());
    for (const letter of ['a', 'b', 'c', 'd']) story.when('CustomerSaid', said(letter.repeat(60_000)));
    story.when('ContactReconnected', back(null));
    const frames = story.events('ContactCaughtUp')[0]?.frames ?? [];
    expect(frames.map((frame) => frame.text[0])).to.deep.equal(['a', 'b', 'c']);
    story.when('ContactReconnected', back(frames.at(-1)?.entryId ?? null));
    expect(story.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text[0])).to.deep.equal(['d']);
  });

  it('is sent back to identity where the case was closed to its contact, and holds nobody up', () => {
    const story = new Story().when('ContactJoined', stranger()).when('ContactLeft', left);
    story.when('ContactJoined', joined({ contactId: 'ctc_2', opens: false }));
    expect(story.types()).to.deep.equal(['JoinRefused']);
    story.when('ContactReconnected', back('ent_1', { contactId: 'ctc_2' }));
    expect(story.types()).to.deep.equal(['ContactResumed']);
    expect(story.toIdentity('ContactResumed')).to.deep.equal([
      { contactId: 'ctc_2', connectionId: 'con_2', wantsFrames: true, after: 'ent_1' },
    ]);
    expect(story.when('ContactReconnected', back('ent_1', { contactId: 'ctc_2' })).said).to.deep.equal([]);
  });

  it('is let go where there is no such case', () => {
    expect(new Story().when('ContactReconnected', back(null)).said).to.deep.equal([]);
  });

  it('is given nothing once its chat has idled for half an hour: whoever has the token may be somebody else (law 5)', () => {
    const story = talked()
      .wait(31 * 60_000)
      .when('ContactReconnected', back(null));
    expect(story.types()).to.deep.equal(['ContactEnded', 'ContactSeen']);
    expect(story.events('ContactEnded')[0]?.reason).to.equal('idle');
    expect(story.contact().ended).to.equal(true);
  });

  it('goes on after any time where its contact has earned nothing', () => {
    const story = new Story().when('ContactJoined', stranger()).when('CustomerSaid', said('Hello'));
    story.wait(31 * 60_000).when('ContactReconnected', back(null));
    expect(story.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text)).to.deep.equal(['Hello']);
  });

  it('is caught up on the phone after any time: its line was never given up', () => {
    const story = new Story().when('ContactJoined', joined({ channel: 'voice' })).when('CustomerSaid', said('Hello'));
    story.wait(31 * 60_000).when('ContactReconnected', back(null));
    expect(story.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text)).to.deep.equal(['Hello']);
  });

  it('has idled when half an hour is over to the millisecond', () => {
    const after = (ms: number) => {
      const story = talked();
      story.nowMs += ms;
      return story.when('ContactReconnected', back(null)).types();
    };
    expect(after(30 * 60_000 - 1)).to.deep.equal(['ContactCaughtUp']);
    expect(after(30 * 60_000)).to.deep.equal(['ContactEnded', 'ContactSeen']);
  });

  it('is sent back once for each connection', () => {
    const story = new Story().when('ContactJoined', joined());
    for (const connectionId of ['con_2', 'con_3']) {
      const elsewhere = back(null, { contactId: 'ctc_2', connectionId });
      expect(story.when('ContactReconnected', elsewhere).types()).to.deep.equal(['ContactResumed']);
      expect(story.when('ContactReconnected', elsewhere).types()).to.deep.equal([]);
    }
  });

  it('gets two hundred frames at once, the oldest first', () => {
    const frames = Array.from({ length: 205 }, (_, index) => index + 1);
    expect(missed(frames, 3)).to.deep.equal(frames.slice(3, 203));
    expect(missed(frames, 205)).to.deep.equal([]);
  });

  it('gets one frame that is longer than everything whole', () => {
    const long = new Story().when('ContactJoined', joined());
    long.when('CustomerSaid', said('a'.repeat(200_001))).when('CustomerSaid', said('b'));
    long.when('ContactReconnected', back(null));
    expect(long.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text.length)).to.deep.equal([200_001]);
  });

  it('gets the two hundred thousandth byte with the others', () => {
    const story = new Story().when('ContactJoined', joined());
    story.when('CustomerSaid', said('a'.repeat(199_999))).when('CustomerSaid', said('b'));
    story.when('CustomerSaid', said('c')).when('ContactReconnected', back(null));
    expect(story.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text[0])).to.deep.equal(['a', 'b']);
  });

  it('passes over what has been erased', () => {
    const story = talked();
    const { id } = entryRef(CASE, story.contact().frames[1] ?? 0);
    story.documents.delete(`entry ${id}`);
    story.when('ContactReconnected', back(null));
    expect(story.events('ContactCaughtUp')[0]?.frames.map((frame) => frame.text)).to.deep.equal(['One', 'Three']);
  });

  it('brings a contact back that had ended', () => {
    const story = talked().when('ContactLeft', left).when('ContactReconnected', back(null));
    expect(story.contact().ended).to.equal(false);
    expect(story.head().active).to.deep.equal([CHAT]);
  });
});

describe('a contact that leaves', () => {
  it('ends once, and identity hears when it was last there', () => {
    const story = new Story().when('ContactJoined', joined()).when('ContactLeft', left);
    expect(story.types()).to.deep.equal(['ContactEnded', 'ContactSeen']);
    expect(story.toIdentity('ContactSeen')[0]?.lastActiveMs).to.equal(START_MS + 5);
    expect(story.when('ContactLeft', left).said).to.deep.equal([]);
    expect(story.head().status).to.equal('open');
  });

  it('closes a provisional case in which nobody said anything', () => {
    const story = new Story().when('ContactJoined', stranger()).when('ContactLeft', left);
    expect(story.head().status).to.equal('closed');
    const spoke = new Story().when('ContactJoined', stranger()).when('CustomerSaid', said('Hello'));
    expect(spoke.when('ContactLeft', left).head().status).to.equal('open');
  });

  it('leaves the others on the case, which goes on for them though nobody has said anything', () => {
    const story = new Story().when('ContactJoined', stranger({ contactId: 'ctc_2' }));
    story.when('ContactJoined', stranger()).when('ContactLeft', left);
    expect(story.head()).to.deep.include({ active: ['ctc_2'], status: 'open' });
    story.when('ContactLeft', { ...left, contactId: 'ctc_2' });
    expect(story.head()).to.deep.include({ active: [], status: 'closed' });
    expect(story.when('ContactLeft', left).said, 'what is closed is not closed anew').to.deep.equal([]);
  });

  it('means nothing where it never joined', () => {
    expect(new Story().when('ContactLeft', left).said).to.deep.equal([]);
  });
});
