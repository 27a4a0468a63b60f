import type { Log } from '@throughline/kernel/ports';
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
    await writeCheckpoint(trail.blobs, trail.topics, mac);
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

  const cutOffTheEndOfBoth = (): void => {
    trail.records.pop();
    trail.tamper(LINK(3), () => null);
    const { hash, offset } = trail.link(LINK(2));
    trail.tamper(HEAD, (head) => ({ ...head, count: 3, hash, offset }));
  };

  it('finds the end of both cut off, by the checkpoint beside them', async () => {
    cutOffTheEndOfBoth();
    expect(await problems(trail)).to.deep.equal(['?: the end of the trail is gone: 1 links']);
  });

  it('still finds it after the next checkpoint', async () => {
    cutOffTheEndOfBoth();
    await writeCheckpoint(trail.blobs, trail.topics, mac);
    expect(await problems(trail)).to.deep.equal(['?: the end of the trail is gone: 1 links']);
  });

  it('still finds it after the next checkpoint when the chain has grown to its former length', async () => {
    cutOffTheEndOfBoth();
    trail.append(record(3, 'case_1', 'another end'), record(4));
    await writeCheckpoint(trail.blobs, trail.topics, mac);
    expect(await problems(trail)).to.deep.equal(['3: the chain is another one than at its checkpoint']);
  });

  it('still finds everything gone after the next checkpoint', async () => {
    trail.records = [];
    trail.documents.clear();
    await writeCheckpoint(trail.blobs, trail.topics, mac);
    expect(await problems(trail)).to.deep.equal(['?: the end of the trail is gone: 4 links']);
  });

  it('finds the checkpoint gone, also after the next one', async () => {
    trail.named.clear();
    cutOffTheEndOfBoth();
    expect(await problems(trail)).to.deep.equal(['?: the checkpoint of the chain is gone']);
    await writeCheckpoint(trail.blobs, trail.topics, mac);
    expect(await problems(trail)).to.deep.equal(['?: the checkpoint of the chain is gone']);
  });

  it('finds one chain taken out of the checkpoint', async () => {
    trail.named.set('audit-heads', Buffer.from('[]'));
    await writeCheckpoint(trail.blobs, trail.topics, mac);
    expect(await problems(trail)).to.deep.equal(['?: the checkpoint of the chain is gone']);
  });

  it('is whole when it was never asked for a checkpoint since its first link: it had one before', async () => {
    const young = new Trail();
    await writeCheckpoint(young.blobs, young.topics, mac);
    young.append(record(0), record(1));
    expect(await verified(young)).to.include({ verified: true, links: 2 });
    await writeCheckpoint(young.blobs, young.topics, mac);
    expect(await verified(young)).to.include({ verified: true, links: 2 });
  });

  it('is whole when nothing is in it and nobody made a checkpoint', async () => {
    expect(await verified(new Trail())).to.include({ verified: true, links: 0 });
  });

  it('finds records taken out of the middle of the log', async () => {
    trail.records.splice(1, 2);
    expect(await problems(trail)).to.deep.equal([
      '1: the record is missing from the log',
      '2: the record is missing from the log',
    ]);
  });

  it('takes a log that dropped its oldest records for no finding', async () => {
    trail.records.splice(0, 2);
    expect(await verified(trail)).to.deep.equal({ verified: true, links: 4, pending: 0, findings: [] });
  });

  it('takes what the log drops while it is read for no finding', async () => {
    const { log } = trail;
    const dropping: Log = {
      ...log,
      read: async (topic, partition, from) => {
        const records = await log.read(topic, partition, from, 1);
        if (from === 1) trail.records.splice(0, 3);
        return from === 1 ? log.read(topic, partition, from, 1) : records;
      },
    };
    const { topics, blobs } = trail;
    expect((await verify({ topics, log: dropping, blobs, mac })).findings).to.deep.equal([]);
  });

  it('finds where a log says that it is corrupt, and passes on every other error', async () => {
    const { topics, blobs } = trail;
    const failing = (error: Error): Log => ({
      ...trail.log,
      read: async () => {
        throw error;
      },
    });
    const corrupt = failing(Object.assign(new Error('corrupt'), { code: 'log-corrupt', offset: 2 }));
    expect((await verify({ topics, log: corrupt, blobs, mac })).findings).to.deep.equal([
      {
        topic: TOPIC,
        partition: 0,
        offset: 2,
        problem: 'the log cannot be read from here on: a record is missing or was changed',
      },
    ]);
    const outage = new Error('outage');
    const passedOn = await verify({ topics, log: failing(outage), blobs, mac }).catch((error: unknown) => error);
    expect(passedOn).to.equal(outage);
  });

  it('finds a checkpoint that was made up', async () => {
    trail.named.set(
      'audit-heads',
      Buffer.from(JSON.stringify([{ topic: TOPIC, partition: 0, count: 1, hash: 'x', offset: 0, seal: 'y' }])),
    );
    expect(await problems(trail)).to.include('?: the checkpoint of the chains was changed');
    trail.named.set('audit-heads', Buffer.from('no JSON'));
    expect(await problems(trail)).to.include('?: the checkpoint of the chains was changed');
    await writeCheckpoint(trail.blobs, trail.topics, mac);
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
          await writeCheckpoint(own.blobs, own.topics, mac);
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
