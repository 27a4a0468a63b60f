import { expect } from 'chai';
import type { Line } from './line.ts';
import { Busy } from './switchboard.ts';
import { aWhile, chatContact, RecordingSink, Stage, turnOf, until } from './testing/stage.ts';

const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const CONTACT = 'ctc_1';

describe('switchboard', () => {
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

  /** Acknowledgements in the order they came. */
  function saidOn(line: Line, texts: readonly string[]): string[] {
    const acknowledged: string[] = [];
    for (const text of texts)
      line.say(turnOf(text)).then(
        () => acknowledged.push(text),
        () => acknowledged.push(`refused ${text}`),
      );
    return acknowledged;
  }

  const turns = () => stage.cases.inputsOf('CustomerSaid').map((input) => input.body.turn.text);

  describe('connecting', () => {
    it('sends ContactStarted and learns the home from the briefing', async () => {
      const line = await connected();
      expect(stage.cases.inputsOf('ContactStarted').map((input) => [input.key, input.subject])).to.deep.equal([
        ['default', CONTACT],
      ]);
      expect(line.home()).to.include({
        caseId: stage.cases.caseOf(CONTACT),
        hop: 1,
        settled: true,
        codeAwaited: false,
      });
      expect(sink.homes).to.have.length(1);
    });

    it('is off again when the log refused the start', async () => {
      stage.log.refuses = true;
      const refusal = await stage.switchboard
        .connect(chatContact(CONTACT, 'con_1'), TRACE, sink)
        .catch((error: unknown) => error);
      expect(refusal).to.be.an.instanceOf(Error);
      expect(stage.switchboard.size()).to.equal(0);
    });

    it('turns new contacts away while busy, and lets those that are on connect again', async () => {
      await connected();
      stage.busy = true;
      await stage.switchboard.connect(chatContact(CONTACT, 'con_2'), TRACE, new RecordingSink());
      const refusal = await stage.switchboard
        .connect(chatContact('ctc_2', 'con_3'), TRACE, sink)
        .catch((error: unknown) => error);
      expect(refusal).to.be.an.instanceOf(Busy);
      expect(stage.switchboard.size()).to.equal(1);
    });

    it('takes who comes back within ten minutes while busy, and who is on elsewhere', async () => {
      const connect = (contactId: string, isOn?: boolean) =>
        stage.switchboard.connect(chatContact(contactId, 'con_2'), TRACE, sink, isOn).then(
          (line) => line,
          (refusal: unknown) => refusal,
        );
      (await connected()).disconnect();
      stage.busy = true;
      stage.clock.advance(10 * 60_000 - 1);
      const back = (await connect(CONTACT)) as Line;
      expect(back).not.to.be.an.instanceOf(Busy);
      expect(await connect('ctc_2', true)).not.to.be.an.instanceOf(Busy);
      back.disconnect();
      stage.clock.advance(10 * 60_000);
      expect(await connect(CONTACT)).to.be.an.instanceOf(Busy);
    });

    it('keeps nothing of a contact that has ended', async () => {
      const line = await connected();
      const { cardCarry } = line;
      await line.leave('left');
      await until('it has ended', () => sink.events.includes('ended left'));
      expect((await connected()).cardCarry).not.to.equal(cardCarry);
    });

    it('tells a second line of the contact the home at once', async () => {
      await connected();
      const second = new RecordingSink();
      await stage.switchboard.connect(chatContact(CONTACT, 'con_2'), TRACE, second);
      expect(second.homes[0]).to.include({ hop: 1 });
    });
  });

  describe('turns', () => {
    it('waits with turns until the home is known', async () => {
      stage.cases.asleep = true;
      const line = await stage.switchboard.connect(chatContact(CONTACT, 'con_1'), TRACE, sink);
      const acknowledged = saidOn(line, ['one', 'two']);
      await aWhile();
      expect(turns()).to.deep.equal([]);
      stage.cases.wake();
      await until('both are acknowledged', () => acknowledged.length === 2);
      expect(turns()).to.deep.equal(['one', 'two']);
    });

    it('sends the turns of a settled contact without waiting for answers, in order', async () => {
      stage.cases.replies = false;
      const line = await connected();
      const acknowledged = saidOn(line, ['one', 'two', 'three']);
      await until('all are acknowledged', () => acknowledged.length === 3);
      expect(turns()).to.deep.equal(['one', 'two', 'three']);
    });

    it('keeps one turn of an unsettled contact in flight until it is taken', async () => {
      stage.cases.settles = false;
      const line = await connected();
      saidOn(line, ['one', 'two']);
      await aWhile();
      expect(turns()).to.deep.equal(['one']);
      stage.cases.weigh(CONTACT);
      await until('the second is sent', () => turns().length === 2);
    });

    it('keeps one turn in flight while a code is awaited', async () => {
      const line = await connected();
      stage.cases.weigh(CONTACT, { codeAwaited: true });
      await until('the code is awaited', () => line.home()?.codeAwaited === true);
      saidOn(line, ['one', 'two']);
      await aWhile();
      expect(turns()).to.deep.equal(['one']);
    });

    it('goes on at the new home when the contact moves, once that home has spoken', async () => {
      stage.cases.settles = false;
      const line = await connected();
      saidOn(line, ['one', 'two']);
      await until('the first is sent', () => turns().length === 1);
      stage.cases.move(CONTACT, 'case_new');
      await until('the move is known', () => line.home()?.caseId === 'case_new');
      await aWhile();
      expect(turns()).to.deep.equal(['one']);
      stage.cases.arrive(CONTACT);
      await until('the second is sent', () => turns().length === 2);
      expect(stage.cases.inputsOf('CustomerSaid').map((input) => input.key)).to.deep.equal([
        stage.cases.inputsOf('CustomerSaid')[0]?.body.caseId,
        'case_new',
      ]);
    });

    /** The former home sleeps over the first turn, the new one has spoken already, and a second is said. */
    const movedBehindItsTurn = async (): Promise<void> => {
      const line = await connected();
      stage.cases.asleep = true;
      const acknowledged = saidOn(line, ['one']);
      await until('the first is acknowledged', () => acknowledged.length === 1);
      stage.cases.move(CONTACT, 'case_new');
      stage.cases.arrive(CONTACT);
      await until('the new home has spoken', () => line.home()?.caseId === 'case_new');
      saidOn(line, ['two']);
    };

    it('does not let a turn overtake one that the former home has yet to send on', async () => {
      await movedBehindItsTurn();
      await aWhile();
      expect(turns()).to.deep.equal(['one']);
      stage.cases.wake();
      await until('the second is sent', () => turns().length === 2);
      expect(stage.cases.turnsOf(CONTACT)).to.deep.equal(['one', 'two']);
    });

    it('asks where it stands when the news of a turn at the former home is missed, and goes on', async () => {
      await movedBehindItsTurn();
      stage.cases.drop();
      stage.clock.advance(5000);
      await until('the second is sent', () => turns().length === 2);
    });

    it('ignores late news of a home that the contact has left', async () => {
      const line = await connected();
      const old = stage.cases.caseOf(CONTACT);
      stage.cases.move(CONTACT, 'case_new');
      stage.cases.arrive(CONTACT);
      await until('the new home has spoken', () => line.home()?.caseId === 'case_new');
      const standing = { hop: 1, disposition: 'opened', assurance: 1, settled: true, codeAwaited: false } as const;
      stage.cases.emit(old, 'ContactCaughtUp', {
        contactId: CONTACT,
        connectionId: 'con_1',
        ...standing,
        unanswered: null,
        frames: [],
      });
      await aWhile();
      expect(line.home()?.caseId).to.equal('case_new');
    });

    it('rejects a turn that the log refused, with those behind it, and takes them again in order', async () => {
      const line = await connected();
      stage.log.refuses = true;
      const refused = saidOn(line, ['one', 'two']);
      await until('both are refused', () => refused.length === 2);
      expect(refused).to.deep.equal(['refused one', 'refused two']);
      stage.log.refuses = false;
      const acknowledged = saidOn(line, ['one', 'two']);
      await until('both are acknowledged', () => acknowledged.length === 2);
      expect(stage.cases.turnsOf(CONTACT)).to.deep.equal(['one', 'two']);
    });

    it('sends the same turn once, whether it is on the way or acknowledged', async () => {
      const line = await connected();
      const first = saidOn(line, ['one', 'one']);
      await until('both are acknowledged', () => first.length === 2);
      await line.say(turnOf('one'));
      expect(turns()).to.deep.equal(['one']);
    });

    it('asks where it stands when a turn is not taken for long, and goes on when it is no longer weighed', async () => {
      stage.cases.settles = false;
      const line = await connected();
      saidOn(line, ['one', 'two']);
      await until('the first is sent', () => turns().length === 1);
      stage.clock.advance(5000);
      await aWhile();
      expect(turns(), 'it is still weighed').to.deep.equal(['one']);
      stage.cases.forget(CONTACT);
      stage.clock.advance(5000);
      await until('the second is sent', () => turns().length === 2);
    });

    it('waits for the turn that another gateway had brought before it crashed', async () => {
      stage.cases.settles = false;
      const line = await connected();
      saidOn(line, ['one']);
      await until('the first is sent', () => turns().length === 1);
      const successor = stage.another();
      const again = await successor.connect(chatContact(CONTACT, 'con_2'), TRACE, new RecordingSink());
      await until('the home is known there', () => again.home() !== undefined);
      saidOn(again, ['two']);
      await aWhile();
      expect(turns()).to.deep.equal(['one']);
      stage.cases.weigh(CONTACT);
      await until('the second is sent', () => turns().length === 2);
    });

    it('does not overtake what a gateway that is no more had sent to a former home', async () => {
      const line = await connected();
      stage.cases.asleep = true;
      const acknowledged = saidOn(line, ['one']);
      await until('the first is acknowledged', () => acknowledged.length === 1);
      stage.cases.move(CONTACT, 'case_new');
      const successor = stage.another();
      const again = await successor.connect(chatContact(CONTACT, 'con_2'), TRACE, new RecordingSink());
      stage.cases.arrive(CONTACT);
      await until('the new home is known there', () => again.home()?.caseId === 'case_new');
      saidOn(again, ['two']);
      await aWhile();
      expect(turns()).to.deep.equal(['one']);
      stage.cases.wake();
      await until('the second is sent', () => turns().length === 2);
      expect(stage.cases.turnsOf(CONTACT)).to.deep.equal(['one', 'two']);
    });

    it('rejects what still waits when the last line goes', async () => {
      stage.cases.asleep = true;
      const line = await stage.switchboard.connect(chatContact(CONTACT, 'con_1'), TRACE, sink);
      const outcome = saidOn(line, ['one']);
      line.disconnect();
      await until('it is refused', () => outcome.length === 1);
      expect(outcome).to.deep.equal(['refused one']);
      expect(stage.switchboard.size()).to.equal(0);
    });

    it('leaves behind the turns said before', async () => {
      const line = await connected();
      saidOn(line, ['one']);
      await line.leave('left');
      expect(stage.cases.inputs.map((input) => input.type)).to.deep.equal([
        'ContactStarted',
        'CustomerSaid',
        'ContactLeft',
      ]);
      expect(stage.switchboard.size()).to.equal(0);
    });
  });
});
