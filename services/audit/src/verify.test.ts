import { expect } from 'chai';
import fc from 'fast-check';
import { linkFor, recordOf } from './chain.ts';
import { mac, record, TOPIC, Trail } from './specification.ts';
import { verify, writeCheckpoint } from './verify.ts';
import type { Verification } from './view-schemas.ts';

const LINK = (place: number): string => `link/${TOPIC}/0/${String(place).padStart(16, '0')}`;
const HEAD = `head/${TOPIC}/0`;

const verified = (trail: Trail): Promise<Verification> =>
  verify({ topics: trail.topics, log: trail.log, blobs: trail.blobs, mac });
const problems = async (trail: Trail): Promise<readonly string[]> =>
  (await verified(trail)).findings.map(({ problem, offset }) => `${offset ?? '?'}: ${problem}`);

describe('the trail (law 9)', () => {
  let trail: Trail;
  beforeEach(async () => {
    trail = new Trail();
    trail.append(record(0), record(1, 'case_2'), record(2), record(3));
    await writeCheckpoint(trail.blobs, trail.topics, mac);
  });

  it('is whole when nobody touched it', async () => {
    expect(await verified(trail)).to.deep.equal({ verified: true, links: 4, pending: 0, findings: [] });
  });

  it('tells what it has not reached yet from what is wrong', async () => {
    trail.records.push(record(4));
    expect(await verified(trail)).to.include({ verified: true, pending: 1 });
  });

  it('keeps every record as it stood, a repeat as a record of its own', async () => {
    trail.append({ ...record(4), headers: record(3).headers, value: record(3).value });
    expect(await verified(trail)).to.include({ verified: true, links: 5 });
  });

  it('finds an edited link', async () => {
    trail.tamper(LINK(1), (link) => ({ ...link, valueBase64: Buffer.from('something else').toString('base64') }));
    expect(await problems(trail)).to.include('1: the kept record was changed');
  });

  it('finds an edited record of the log', async () => {
    trail.records[2] = record(2, 'case_1', 'something else');
    expect(await problems(trail)).to.deep.equal(['2: the record in the log is not the one of the trail']);
  });

  it('finds a deleted link', async () => {
    trail.tamper(LINK(2), () => null);
    expect(await problems(trail)).to.include('?: link 2 is missing');
  });

  it('finds links that changed places', async () => {
    const [one, other] = [trail.documents.get(LINK(1))?.content, trail.documents.get(LINK(2))?.content];
    trail.tamper(LINK(1), () => other as Record<string, unknown>);
    trail.tamper(LINK(2), () => one as Record<string, unknown>);
    expect((await verified(trail)).verified).to.equal(false);
  });

  it('finds a link that somebody made without the master key', async () => {
    const head = {
      topic: TOPIC,
      partition: 0,
      count: 1,
      hash: trail.link(LINK(0)).hash,
      offset: 0,
    };
    trail.tamper(LINK(1), () => ({
      ...linkFor(head, record(1, 'case_2', 'forged'), (purpose, text) => mac(`not ${purpose}`, text)),
    }));
    expect(await problems(trail)).to.include('1: the link was not made by this installation');
  });

  it('finds the end of the log cut off', async () => {
    trail.records.pop();
    expect(await problems(trail)).to.deep.equal([
      `3: the end of the log is gone: ${TOPIC}/0 ends before the trail does`,
    ]);
  });

  it('finds the end of both cut off, by the checkpoint beside them', async () => {
    trail.records.pop();
    trail.tamper(LINK(3), () => null);
    const { hash, offset } = trail.link(LINK(2));
    trail.tamper(HEAD, (head) => ({ ...head, count: 3, hash, offset }));
    expect(await problems(trail)).to.deep.equal(['?: the end of the trail is gone: 1 links']);
  });

  it('finds a checkpoint that was made up', async () => {
    trail.named.set(
      'audit-heads',
      Buffer.from(JSON.stringify([{ topic: TOPIC, partition: 0, count: 1, hash: 'x', offset: 0, seal: 'y' }])),
    );
    expect(await problems(trail)).to.include('?: the checkpoint of the chains was changed');
    trail.named.set('audit-heads', Buffer.from('no JSON'));
    expect(await problems(trail)).to.include('?: the checkpoint of the chains was changed');
  });

  it('finds a head that does not fit its chain', async () => {
    trail.tamper(HEAD, (head) => ({ ...head, hash: 'another' }));
    expect(await problems(trail)).to.include('?: the chain does not end where its head says');
  });

  it('finds any single change of any link', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 3 }),
        fc.constantFrom('place', 'offset', 'key', 'headers', 'valueBase64', 'previous', 'hash', 'seal'),
        async (place, field) => {
          const own = new Trail();
          own.append(record(0), record(1), record(2), record(3));
          const changed = {
            place: 9,
            offset: 9,
            key: 'else',
            headers: {},
            valueBase64: 'AAAA',
            previous: 'x',
            hash: 'x',
            seal: 'x',
          };
          own.tamper(LINK(place), (link) => ({ ...link, [field]: changed[field] }));
          expect((await verified(own)).verified).to.equal(false);
        },
      ),
    );
  });

  it('gives a record back as it was', () => {
    const one = record(0);
    const head = { topic: TOPIC, partition: 0, count: 0, hash: '', offset: -1 };
    expect(recordOf(linkFor(head, one, mac))).to.deep.equal(one);
  });
});
