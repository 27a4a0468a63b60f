import { expect } from 'chai';
import { type Fate, type LogFile, SmallLog } from './small-log.ts';

describe('an embedded log that was cut off', function () {
  // About five seconds; a machine with much else to do gets the time that it takes.
  this.timeout(120_000);
  let small: SmallLog;
  before(async () => {
    small = await SmallLog.make();
  });
  after(() => small.close());

  const fatesOf = async (file: LogFile): Promise<readonly Fate[]> => {
    const fates: Fate[] = [];
    for (let cutTo = 0; cutTo < small.bytes(file); cutTo += 1) fates.push(await small.fateOf(file, { cutTo }));
    return fates;
  };

  it('anywhere in its file is refused, unless nothing at all is left of it', async () => {
    const [nothing, ...others] = await fatesOf('database');
    expect(nothing).to.be.a('number');
    expect([...new Set(others)]).to.deep.equal(['refused']);
  });

  it('anywhere in what stands behind the file goes on with what was written before', async () => {
    const fates = await fatesOf('write-ahead');
    // One append after the other, so ever fewer are missing.
    expect([...new Set(fates)]).to.deep.equal([3, 2, 1]);
  });
});
