import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Build, cached } from './cache.ts';

describe('the cache of engines', () => {
  let directory = '';
  let cache = '';
  let source = '';
  let builds = 0;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-cache-'));
    cache = join(directory, 'cache');
    source = join(directory, 'source');
    builds = 0;
    await writeFile(source, 'first');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const build: Omit<Build, 'sources'> = {
    name: 'engine-1',
    needs: [],
    what: 'building',
    build: async (target) => {
      builds += 1;
      await writeFile(join(target, 'built'), await readFile(source));
    },
  };
  const get = (change: Partial<Build> = {}): Promise<string> =>
    cached({ ...build, sources: [source], ...change }, cache, () => undefined);
  const built = async (at: string): Promise<string> => readFile(join(at, 'built'), 'utf8');

  it('builds once', async () => {
    expect(await get()).to.equal(await get());
    expect(builds).to.equal(1);
  });

  it('builds anew when what is built from has changed', async () => {
    await get();
    await writeFile(source, 'second');
    expect(await built(await get())).to.equal('second');
  });

  it('leaves nothing of a build that failed', async () => {
    const failing = get({
      build: async (target) => {
        await writeFile(join(target, 'built'), 'half');
        throw new Error('no network');
      },
    });
    expect(await failing.catch((error: unknown) => String(error))).to.contain('no network');
    expect(await readdir(cache)).to.deep.equal([]);
    expect(await built(await get())).to.equal('first');
  });

  it('lets two build at once, and both have all of it', async () => {
    const [one, other] = await Promise.all([get(), get()]);
    expect([await built(one), await built(other)]).to.deep.equal(['first', 'first']);
    expect(await readdir(cache)).to.have.lengthOf(1);
  });
});
