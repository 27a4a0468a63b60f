import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSchemas } from '@throughline/schemas/load';
import { TOPICS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import { breaksBetween } from './compatibility.ts';
import { keepRelease, readReleases, unreleased, workingSet } from './released.ts';

const schemas = loadSchemas();
const working = workingSet(schemas, TOPICS);

describe('what was released', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'throughline-released-')), 'released');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it('is nothing at first, and then the contract as it was', () => {
    expect(readReleases(folder)).to.deep.equal([]);
    expect(unreleased(working, [])).to.deep.equal(working);
    keepRelease(folder, working);
    expect(readReleases(folder)).to.deep.equal([working]);
    expect(unreleased(working, readReleases(folder))).to.equal(undefined);
    expect(readReleases(folder).flatMap((release) => breaksBetween(release, working))).to.deep.equal([]);
  });

  it('grows by what changes, and the gate holds every version against the next', () => {
    const fact = (fields: readonly object[]) => ({ type: 'record', name: 'Fact', fields });
    const [first, second, third] = [
      [{ name: 'a', type: 'string', default: '' }],
      [],
      [{ name: 'a', type: 'long', default: 0 }],
    ].map((fields) => ({ topics: { t: 1 }, records: { t: { Fact: fact(fields), Still: fact([]) } } }));
    if (!first || !second || !third) throw new Error('there are three');
    keepRelease(folder, first);
    expect(unreleased(second, readReleases(folder))).to.deep.equal({ topics: {}, records: { t: { Fact: fact([]) } } });
    keepRelease(folder, unreleased(second, readReleases(folder)) ?? second);
    expect(readdirSync(folder)).to.deep.equal(['0001.json', '0002.json']);
    expect(breaksBetween(second, third)).to.deep.equal([]);
    const found = readReleases(folder).flatMap((release) => breaksBetween(release, third));
    expect(found.map(({ where, field }) => `${where} ${field}`)).to.deep.equal(['t/Fact Fact.a']);
  });

  it('does not change with the prose', () => {
    expect(JSON.stringify(working)).not.to.include('"doc":');
  });
});
