import { expect } from 'chai';
import { Refusals } from './refusals.ts';
import { ChatPlace } from './testing/chat-place.ts';

describe('what was refused on a connection', () => {
  const OTHERS_MAX = 4;
  const refusedAs = (id: string, frame = 1): Refusals => {
    const refusals = new Refusals(OTHERS_MAX);
    refusals.add(id, frame);
    return refusals;
  };
  const overtaking = (refusals: Refusals, ...ids: readonly string[]): readonly string[] =>
    ids.filter((id) => refusals.areOvertakenBy(id));

  it('is nothing at first', () => {
    expect(overtaking(new Refusals(OTHERS_MAX), 'a', 'b')).to.deep.equal([]);
  });

  it('is overtaken by all that comes until it is said again', () => {
    const refusals = refusedAs('a');
    expect(overtaking(refusals, 'b', 'c', 'a', 'b', 'c')).to.deep.equal(['b', 'c']);
  });

  it('is still overtaken where others are said again and it is not: an impatient client has not heard of it', () => {
    const refusals = refusedAs('a');
    refusals.add('b', 2);
    expect(overtaking(refusals, 'b', 'c', 'a', 'b')).to.deep.equal(['b', 'c']);
  });

  it('is the earliest of them, whichever was refused first', () => {
    const refusals = refusedAs('b', 2);
    refusals.add('a', 1);
    expect(overtaking(refusals, 'b', 'a', 'b')).to.deep.equal(['b']);
  });

  it('is overtaken anew where it is refused again', () => {
    const refusals = refusedAs('a');
    expect(overtaking(refusals, 'a', 'b')).to.deep.equal([]);
    refusals.add('a', 2);
    expect(overtaking(refusals, 'b', 'a', 'b')).to.deep.equal(['b']);
  });

  it('is passed over by who says the same for the third time, and by who says ever more', () => {
    expect(overtaking(refusedAs('a'), 'b', 'b', 'b', 'c')).to.deep.equal(['b', 'b']);
    expect(overtaking(refusedAs('a'), 'b', 'c', 'd', 'e', 'f', 'g')).to.deep.equal(['b', 'c', 'd', 'e']);
  });

  describe('over a socket', () => {
    let place: ChatPlace;
    beforeEach(async () => {
      place = new ChatPlace();
      await place.listen();
    });
    afterEach(() => place.close());

    /** A client whose first turn, `a`, the log has refused. */
    async function refused(text: string) {
      const { client, contactId } = await place.begin();
      place.stage.log.refuses = true;
      client.send({ type: 'say', id: 'a', text });
      await client.got('problem');
      place.stage.log.refuses = false;
      return { client, turns: () => place.stage.cases.turnsOf(contactId) };
    }

    it('is followed by nothing that was said before its client could hear of it, so that nothing gets ahead', async () => {
      const { client, turns } = await refused('First');
      client.send({ type: 'say', id: 'b', text: 'Second' });
      const [, problem] = await client.got('problem', 2);
      expect(problem).to.include({ code: 'not-kept', id: 'b' });
      client.send({ type: 'say', id: 'a', text: 'First' });
      client.send({ type: 'say', id: 'b', text: 'Second' });
      await client.got('ack', 2);
      expect(turns()).to.deep.equal(['First', 'Second']);
    });

    it('does not stop who insists, and never says it again', async () => {
      const { client, turns } = await refused('Never mind');
      for (let time = 1; time <= 3; time += 1) client.send({ type: 'say', id: 'b', text: 'Something else' });
      await client.got('ack');
      expect(client.of('problem').map(({ id }) => id)).to.deep.equal(['a', 'b', 'b']);
      expect(turns()).to.deep.equal(['Something else']);
    });
  });
});
