import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type EngineKind, endIn, runEngine, runningPid } from './engine.ts';
import { isGone } from './process.ts';

describe('the process of an engine', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-engine-'));
  });
  afterEach(async () => {
    await endIn(directory, 'SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  /** Node itself as an engine: it runs this code. */
  const kind = (code: string, change: Partial<EngineKind> = {}): EngineKind => ({
    title: 'Engine',
    directory,
    ports: [],
    command: async () => ({ program: process.execPath, args: ['-e', code, directory] }),
    answers: async () => true,
    ...change,
  });
  const run = (engine: EngineKind) => runEngine(engine, () => undefined);
  const refusal = (engine: EngineKind): Promise<string> =>
    run(engine).then(
      () => 'started',
      (error: unknown) => String(error),
    );
  const FOR_EVER = 'setInterval(() => {}, 1000);';

  it('is taken over by whoever starts it again', async () => {
    const { pid } = await run(kind(FOR_EVER));
    expect((await run(kind(FOR_EVER))).pid).to.equal(pid);
  });

  it('that ends at once is no engine: the refusal has the end of its log', async () => {
    const refused = await refusal(kind("console.log('the disk is full');", { answers: async () => false }));
    expect(refused).to.contain('Engine ended at once').and.to.contain('the disk is full');
    expect(await runningPid(directory)).to.equal(undefined);
  });

  it('does not start where its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const refused = await refusal(kind(FOR_EVER, { ports: [port] }));
    server.close();
    expect(refused).to.contain(`Port ${port} of 127.0.0.1 is taken`);
    expect(await runningPid(directory)).to.equal(undefined);
  });

  it('is told apart from another process that was given its pid', async () => {
    await writeFile(join(directory, 'pid'), String(process.pid));
    expect(await runningPid(directory)).to.equal(undefined);
    await endIn(directory, 'SIGKILL');
    expect(isGone(process.pid)).to.equal(false);
  });

  it('that is not installed is asked for', async () => {
    const refused = await refusal(
      kind('', { command: async () => ({ program: 'no-such-engine', args: [directory] }) }),
    );
    expect(refused).to.equal('Error: `no-such-engine` does not run on this machine.');
  });
});
