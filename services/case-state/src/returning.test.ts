import { expect } from 'chai';
import { seenRef } from './documents.ts';
import { turnEntryId } from './said.ts';
import { CASE, CHAT, decidedMove, joined, START_MS, Story, said, stranger, turn, weighed } from './specification.ts';

const MOVED = 'ctc_moved';
const carried = (...texts: readonly string[]) =>
  texts.map((text, index) => ({
    number: index + 1,
    inputId: turn(text).inputId,
    contactId: MOVED,
    channel: 'chat' as const,
    from: 'customer' as const,
    text,
    atMs: 1,
  }));
const arriving = (over: Parameters<typeof joined>[0] = {}) =>
  joined({ contactId: MOVED, hop: 2, movedFrom: 'case_p', disposition: 'resumed', ...over });

describe('a contact that comes to its case again', () => {
  const wentAway = () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    story.reply({ text: 'Yes?' }).when('CustomerSaid', said('My lamp broke')).reply({ newIssue: true });
    return story.when('MoveDecided', decidedMove(null)).wait(5);
  };
  const cameBack = () => {
    const story = wentAway();
    const takenInputs = [turn('Hello').inputId, turn('New').inputId];
    return story.when('ContactJoined', joined({ hop: 3, movedFrom: 'case_2', formerGoesOn: true, takenInputs }));
  };

  it('is here again, with what it had said here', () => {
    const before = wentAway().contact();
    const story = cameBack();
    expect(story.contact()).to.deep.include({
      movedTo: null,
      leaving: false,
      ended: false,
      hop: 3,
      frames: before.frames,
      lastRepliedNumber: before.lastRepliedNumber,
      firstWordsSaid: true,
      lastActiveMs: START_MS + 5,
      newestInputId: turn('My lamp broke').inputId,
    });
    expect(story.head().active).to.deep.equal([CHAT]);
    expect(story.when('CustomerSaid', said('Here again')).types()).to.include('InteractionAdded');
  });

  it('has taken what it took here and elsewhere, each once, and what was said here stays where it stands', () => {
    const story = cameBack();
    const inputs = ['Hello', 'My lamp broke', 'New'].map((text) => turn(text).inputId);
    expect(story.contact().taken).to.deep.equal(inputs);
    const numbers = inputs.map((inputId) => {
      const { kind, id } = seenRef(CASE, turnEntryId(CHAT, inputId));
      return (story.documents.get(`${kind} ${id}`) as { number: number }).number;
    });
    expect(numbers).to.deep.equal([...story.contact().frames.filter((_, index) => index !== 1), 0]);
    expect(story.when('CustomerSaid', said('New')).said).to.deep.equal([]);
  });

  it('is on the case once, however it comes', () => {
    const story = new Story().when('ContactJoined', joined()).when('ContactJoined', joined({ hop: 2 }));
    expect(story.events('ContactBriefed')).to.have.length(1);
    expect(story.head().active).to.deep.equal([CHAT]);
    expect(story.when('ContactJoined', joined({ hop: 1 })).said, 'what is older is over').to.deep.equal([]);
  });

  it('has one first home, which is where it began', () => {
    const home = (story: Story, contactId: string) => story.documents.get(`contact-home ${contactId}`);
    const story = new Story().when('ContactJoined', joined({ opens: false })).when('ContactJoined', joined());
    story.when('ContactJoined', joined({ contactId: 'ctc_2', opens: false })).when('ContactJoined', arriving());
    expect(home(story, CHAT)).to.deep.equal({ caseId: CASE, contactId: CHAT });
    expect(home(story, 'ctc_2')).to.deep.equal({ caseId: CASE, contactId: 'ctc_2' });
    expect(home(story, MOVED)).to.equal(undefined);
  });
});

describe('a contact that comes from another case', () => {
  const resolved = () =>
    new Story()
      .when('ContactJoined', joined())
      .when('CustomerSaid', said('Where is it?'))
      .reply({ text: 'Here.', resolves: true });

  it('is spoken to first, whatever brought it here', () => {
    const story = new Story().when('ContactJoined', arriving({ disposition: 'opened' }));
    expect(story.briefing()).to.include({ replyDue: true, inputId: `joined:${MOVED}:2` });
  });

  it('is answered for the last turn that it brought along', () => {
    const story = new Story().when('ContactJoined', arriving({ carriedTurns: carried('One', 'Two', 'Three') }));
    expect(story.contact(MOVED).newestInputId).to.equal(turn('Three').inputId);
    story.when('TurnWeighed', weighed(null, { contactId: MOVED, assurance: 2 }));
    expect(story.briefing().inputId).to.equal(turn('Three').inputId);
  });

  it('opens a resolved case with what it brought along, and not with thanks', () => {
    const wish = resolved().when('ContactJoined', arriving({ carriedTurns: carried('Thanks', 'It broke again') }));
    expect(wish.head().status).to.equal('open');
    expect(wish.contact(MOVED).reopened).to.equal(true);
    const thanks = resolved().when('ContactJoined', arriving({ carriedTurns: carried('Thanks') }));
    expect(thanks.head().status).to.equal('resolved');
    expect(thanks.contact(MOVED).reopened).to.equal(false);
  });

  it('is briefed with its turns whole, in the order it said them, until they are answered', () => {
    const turns = carried('One', 'Two');
    const story = new Story().when('ContactJoined', arriving({ carriedTurns: turns }));
    story.when('CustomerSaid', said('Three', MOVED));
    const { unanswered } = story.briefing().briefing;
    expect(unanswered.slice(0, 2)).to.deep.equal(turns);
    expect(unanswered[2]).to.deep.equal({
      ...turns[1],
      number: 3,
      inputId: turn('Three').inputId,
      text: 'Three',
      atMs: START_MS,
    });
    story.reply({ text: 'Yes.' }, MOVED);
    expect(story.contact(MOVED)).to.deep.include({ carried: [], unanswered: [] });
  });

  it('shows the provisional case that it comes from once as a part of this one', () => {
    const story = new Story().when('ContactJoined', arriving());
    story.when('ContactJoined', arriving({ contactId: 'ctc_2' }));
    expect(story.head().segments).to.deep.equal(['case_p']);
  });
});

describe('a contact that comes with a turn', () => {
  it('is due one reply, for the turn, also where it would be spoken to first', () => {
    const story = new Story().when('ContactJoined', joined({ disposition: 'resumed', turn: turn('Where is it?') }));
    expect(story.events('ContactBriefed').map(({ inputId, replyDue }) => [inputId, replyDue])).to.deep.equal([
      [`joined:${CHAT}:1`, false],
      [turn('Where is it?').inputId, true],
    ]);
  });

  it('does not open a resolved case where nobody may answer it', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Where is it?'));
    story.reply({ text: 'Here.', resolves: true });
    const mail = { contactId: 'ctc_2', channel: 'email' as const, turn: turn('I am out of office') };
    story.when('ContactJoined', joined({ ...mail, answerable: false }));
    expect(story.head().status).to.equal('resolved');
    expect(story.contact('ctc_2').due).to.equal(null);
  });

  it('goes on without a turn that has been erased', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('One'));
    story.documents.delete(`entry ${CASE}/${String(story.contact().unanswered[0]).padStart(12, '0')}`);
    story.when('CustomerSaid', said('Two'));
    expect(story.briefing().briefing.unanswered.map(({ text }) => text)).to.deep.equal(['Two']);
  });

  it('has opened nothing where the case was open', () => {
    const story = new Story().when('ContactJoined', stranger({ turn: turn('Hello') }));
    expect(story.contact().reopened).to.equal(false);
  });
});
