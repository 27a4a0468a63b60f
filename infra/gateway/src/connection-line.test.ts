import { expect } from 'chai';
import type { Line } from './line.ts';
import { aWhile, chatContact, RecordingSink, Stage, turnOf, until } from './testing/stage.ts';

const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const CONTACT = 'ctc_1';

describe('the line of a connection', () => {
  let stage: Stage;
  let sink: RecordingSink;

  beforeEach(() => {
    stage = new Stage();
    sink = new RecordingSink();
  });

  async function connected(connectionId = 'con_1', into = sink): Promise<Line> {
    const line = await stage.switchboard.connect(chatContact(CONTACT, connectionId), TRACE, into);
    await until('the home is known', () => line.home() !== undefined);
    return line;
  }

  describe('hearing', () => {
    it('gives each reply of this contact once, and none of another', async () => {
      await connected();
      await stage.switchboard.connect(chatContact('ctc_2', 'con_2'), TRACE, new RecordingSink());
      stage.cases.reply(CONTACT, 'Hello');
      stage.cases.reply('ctc_2', 'Not for you');
      stage.cases.reply(CONTACT, 'Hello');
      await aWhile();
      expect(sink.events).to.deep.equal(['said Hello']);
    });

    it('gives what is said on one line to the others, not to itself', async () => {
      stage.cases.replies = false;
      const line = await connected();
      const second = new RecordingSink();
      await stage.switchboard.connect(chatContact(CONTACT, 'con_2'), TRACE, second);
      await line.say(turnOf('one'));
      await aWhile();
      expect(second.events).to.deep.equal(['overheard one']);
      expect(sink.events).to.deep.equal([]);
    });

    it('tells that what was said is held, also where the record names no contact', async () => {
      await connected();
      stage.cases.emit(stage.cases.caseOf(CONTACT), 'ContactHeld', { contactId: null }, 0);
      await until('it is told', () => sink.events.length === 1);
      expect(sink.events).to.deep.equal(['held']);
    });

    it('keeps what is said in a case that is held before its home was told, and goes on when it is', async () => {
      stage.cases.asleep = true;
      const line = await stage.switchboard.connect(chatContact(CONTACT, 'con_1'), TRACE, sink);
      stage.cases.emit('case_held', 'ContactHeld', { contactId: CONTACT }, 0);
      await line.say(turnOf('one'));
      await line.say(turnOf('two'));
      const said = stage.cases.inputsOf('CustomerSaid').map(({ body }) => [body.caseId, body.turn.text]);
      expect(said).to.deep.equal([
        ['case_held', 'one'],
        ['case_held', 'two'],
      ]);
      stage.cases.wake();
      await until('the home is known', () => line.home()?.caseId === stage.cases.caseOf(CONTACT));
    });

    it('tells who else is on when the contact ends', async () => {
      const line = await connected();
      const second = new RecordingSink();
      await stage.switchboard.connect(chatContact(CONTACT, 'con_2'), TRACE, second);
      await line.leave('left');
      await until('it is told', () => second.events.length === 1);
      expect(second.events).to.deep.equal(['ended left']);
    });

    it('drops entries that it has seen and reports a gap once', async () => {
      const line = await connected();
      const caseId = line.home()?.caseId ?? '';
      stage.cases.reply(CONTACT, 'One');
      await until('it is said', () => sink.events.length === 1);
      const [reply] = sink.heard;
      const number = reply?.number ?? 0;
      stage.cases.emit(caseId, 'TurnTaken', { contactId: CONTACT, inputId: 'inp_x' }, number);
      stage.cases.emit(caseId, 'TurnTaken', { contactId: CONTACT, inputId: 'inp_y' }, number + 3);
      stage.cases.emit(caseId, 'TurnTaken', { contactId: CONTACT, inputId: 'inp_z' }, number + 4);
      await aWhile();
      expect(stage.reports).to.deep.equal(['error case-entries-missing']);
    });

    it('goes on behind a record that cannot be read', async () => {
      await connected();
      await stage.log.append([
        { topic: 'case.events.v1', key: 'case_x', headers: { ce_type: 'ReplyAccepted' }, value: new Uint8Array([1]) },
      ]);
      stage.cases.reply(CONTACT, 'Still here');
      await until('the next is said', () => sink.events.includes('said Still here'));
      expect(stage.reports).to.deep.equal(['error record-not-read']);
    });
  });

  describe('coming back', () => {
    it('gives what was missed once and in order, and what is said meanwhile behind it', async () => {
      const first = await connected();
      stage.cases.reply(CONTACT, 'One');
      await until('the first is said', () => sink.events.length === 1);
      const after = sink.heard[0]?.entryId ?? null;
      first.disconnect();
      stage.cases.reply(CONTACT, 'Two');
      await aWhile();
      const again = new RecordingSink();
      const line = await connected('con_2', again);
      stage.cases.asleep = true;
      await line.resume(after);
      stage.cases.reply(CONTACT, 'Three');
      await aWhile();
      expect(again.events, 'nothing before what was missed').to.deep.equal([]);
      stage.cases.wake();
      stage.cases.reply(CONTACT, 'Four');
      await until('the last is heard', () => again.heard.length === 3);
      await aWhile();
      expect(again.events[0]).to.equal('missed Two | Three');
      expect(again.heard.map((said) => said.text)).to.deep.equal(['Two', 'Three', 'Four']);
    });

    it('asks on until there is no more that was missed', async () => {
      await connected();
      const texts = ['1', '2', '3', '4', '5', '6', '7'];
      const again = new RecordingSink();
      for (const text of texts) stage.cases.reply(CONTACT, text);
      await aWhile();
      const line = await connected('con_2', again);
      await line.resume(null);
      stage.cases.reply(CONTACT, '8');
      await until('all is heard', () => again.heard.length === 8);
      await aWhile();
      expect(again.heard.map((said) => said.text)).to.deep.equal([...texts, '8']);
    });

    it('does not give again what the line has given already', async () => {
      const line = await connected();
      await line.say(turnOf('one'));
      await until('the answer is said', () => sink.events.length === 1);
      await line.resume(null);
      await until('the answer is here', () => sink.events.length === 2);
      expect(sink.events).to.deep.equal(['said You said: one', 'missed ']);
    });

    it('tells who is on that the contact is on at another gateway, and takes no late answer of its own for that', async () => {
      const line = await connected();
      const caughtUp = (connectionId: string) => {
        const standing = { disposition: 'opened', assurance: 1, settled: true, codeAwaited: false } as const;
        const body = { contactId: CONTACT, connectionId, hop: 1, ...standing, unanswered: null, frames: [] };
        stage.cases.emit(stage.cases.caseOf(CONTACT), 'ContactCaughtUp', body);
      };
      stage.cases.asleep = true;
      await line.resume(null);
      const [asked] = stage.cases.inputsOf('ContactResumed');
      await line.resume(null);
      caughtUp(asked?.body.connectionId ?? '');
      caughtUp('con_1');
      await aWhile();
      expect(sink.events).to.deep.equal([]);
      caughtUp('con_of_another_gateway');
      await until('it is told', () => sink.events.length > 0);
      expect(sink.events).to.deep.equal(['elsewhere']);
    });

    it('says that it cannot ask before it gives what is behind the gap', async () => {
      const line = await connected();
      for (const text of ['1', '2', '3', '4']) stage.cases.reply(CONTACT, text);
      await until('all is heard', () => sink.heard.length === 4);
      line.disconnect();
      const again = new RecordingSink();
      const back = await connected('con_2', again);
      stage.cases.asleep = true;
      await back.resume(null);
      stage.cases.reply(CONTACT, '5');
      stage.log.refuses = true;
      stage.cases.wake();
      await until('the rest cannot be asked for', () => again.events.includes('unasked'));
      stage.log.refuses = false;
      await until('what was held back is given', () => again.events.includes('said 5'));
      expect(again.events).to.deep.equal(['missed 1 | 2 | 3', 'unasked', 'said 5']);
    });

    it('goes on with what is said when the question did not reach the log', async () => {
      const line = await connected();
      stage.log.refuses = true;
      const refusal = await line.resume(null).catch((error: unknown) => error);
      expect(refusal).to.be.an.instanceOf(Error);
      stage.cases.reply(CONTACT, 'One');
      await until('it is said', () => sink.events.includes('said One'));
    });
  });

  describe('holding', () => {
    it('is due once when no briefing has come for two seconds', async () => {
      stage.cases.asleep = true;
      await stage.switchboard.connect(chatContact(CONTACT, 'con_1'), TRACE, sink);
      stage.clock.advance(1999);
      expect(sink.events).to.deep.equal([]);
      stage.clock.advance(1);
      stage.clock.advance(10_000);
      expect(sink.events).to.deep.equal(['holding']);
    });

    it('is not due for a contact that has its briefing and has said nothing', async () => {
      await connected();
      stage.clock.advance(10_000);
      expect(sink.events).to.deep.equal([]);
    });

    it('is due for a contact that expects words and has none', async () => {
      const contact = chatContact(CONTACT, 'con_1', { channel: 'voice', expectsWords: true });
      const line = await stage.switchboard.connect(contact, TRACE, sink);
      await until('the home is known', () => line.home() !== undefined);
      stage.clock.advance(2000);
      expect(sink.events).to.deep.equal(['holding']);
    });

    it('is due once for each turn that waits, and not for one that is answered', async () => {
      stage.cases.replies = false;
      const line = await connected();
      await line.say(turnOf('one'));
      stage.clock.advance(2000);
      stage.cases.reply(CONTACT, 'Answer', 'inp_one');
      await until('the answer is said', () => sink.events.length === 2);
      stage.cases.replies = true;
      await line.say(turnOf('two'));
      await until('the second answer is said', () => sink.events.length === 3);
      stage.clock.advance(2000);
      expect(sink.events).to.deep.equal(['holding', 'said Answer', 'said You said: two']);
    });

    it('is not due for a turn said again on a new connection that had been answered on the old one', async () => {
      const first = await connected();
      await first.say(turnOf('one'));
      await until('it is answered', () => sink.events.length === 1);
      first.disconnect();
      const again = new RecordingSink();
      const line = await connected('con_2', again);
      await Promise.all([line.resume(null), line.say(turnOf('one'))]);
      await until('what was missed is heard', () => again.events.length === 1);
      stage.clock.advance(2000);
      await line.say(turnOf('one'));
      stage.clock.advance(2000);
      expect(again.events).to.deep.equal(['missed one | You said: one']);
    });

    it('is due for a turn that comes behind what was missed, and for one that nothing was said behind', async () => {
      stage.cases.replies = false;
      const first = await connected();
      await first.say(turnOf('one'));
      stage.cases.reply(CONTACT, 'Answer', 'inp_one');
      await until('it is answered', () => sink.events.length === 1);
      await first.say(turnOf('two'));
      first.disconnect();
      const again = new RecordingSink();
      const line = await connected('con_2', again);
      await Promise.all([line.resume(null), line.say(turnOf('two'))]);
      await until('what was missed is heard', () => again.events.length === 1);
      stage.clock.advance(2000);
      expect(again.events).to.deep.equal(['missed one | Answer | two', 'holding']);
      stage.cases.reply(CONTACT, 'Another', 'inp_two');
      await until('it is answered', () => again.events.length === 3);
      await line.say(turnOf('three'));
      stage.clock.advance(2000);
      expect(again.events.slice(3)).to.deep.equal(['holding']);
    });

    it('is not due for a turn whose answer is in another part of what was missed', async () => {
      stage.cases.replies = false;
      const first = await connected();
      for (const text of ['one', 'two', 'three']) await first.say(turnOf(text));
      stage.cases.reply(CONTACT, 'Answer', 'inp_three');
      await until('it is answered', () => sink.events.length === 1);
      first.disconnect();
      const again = new RecordingSink();
      const line = await connected('con_2', again);
      await Promise.all([line.resume(null), line.say(turnOf('three'))]);
      await until('the second part is heard', () => again.events.length === 2);
      stage.clock.advance(2000);
      expect(again.events).to.deep.equal(['missed one | two | three', 'missed Answer']);
    });
  });

  it('tells the case of the words what the channel did with them', async () => {
    const line = await connected();
    const entryId = stage.cases.reply(CONTACT, 'One');
    const saidIn = stage.cases.caseOf(CONTACT);
    await until('it is said', () => sink.events.length === 1);
    stage.cases.move(CONTACT, 'case_new');
    await until('the move is known', () => line.home()?.caseId === 'case_new');
    await line.delivered(entryId, 'delivered', null);
    expect(stage.cases.inputsOf('Delivered').map((input) => [input.key, input.body.entryId])).to.deep.equal([
      [saidIn, entryId],
    ]);
  });
});
