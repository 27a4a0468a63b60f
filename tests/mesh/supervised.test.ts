import { expect } from 'chai';
import { readable } from '../../scripts/mesh/lines.ts';
import { Supervised } from '../../scripts/mesh/supervised.ts';
import { until } from '../flow/until.ts';

const supervised = (script: string) => {
  const said: string[] = [];
  const one = new Supervised({
    name: 'one',
    program: process.execPath,
    args: ['--eval', script],
    directory: import.meta.dirname,
    environment: { PATH: process.env.PATH },
    say: (line) => said.push(line),
  });
  return { one, said };
};
/** Says that it is up once it can be told to stop, and drains on SIGTERM. */
const STEADY = `setInterval(() => {}, 1000); process.on('SIGTERM', () => { console.log('drained'); process.exit(0); }); console.log('up');`;
const ups = (said: readonly string[]): number => said.filter((line) => line === 'up').length;

describe('a process that is looked after', () => {
  it('is started again when it was killed, and that is said', async () => {
    const { one, said } = supervised(STEADY);
    one.start();
    await until('it to be up', async () => ups(said) === 1);
    const former = one.pid;
    one.kill();
    await until('it to be up again', async () => ups(said) === 2);
    expect(said).to.include('ended with SIGKILL; starts again in 0.5 s');
    expect(one.pid).not.to.equal(former);
    await one.stop();
  });

  it('stays away when it was stopped, after it has drained, until it is started', async () => {
    const { one, said } = supervised(STEADY);
    one.start();
    await until('it to be up', async () => ups(said) === 1);
    await one.stop();
    expect(said).to.deep.equal(['up', 'drained', 'ended with 0']);
    expect(one.pid).to.equal(undefined);
    one.start();
    await until('it to be up again', async () => ups(said) === 2);
    await one.stop();
  });

  it('waits longer each time where it cannot start, and gives up the wait when it is stopped', async () => {
    const { one, said } = supervised(`console.error('it cannot start: no'); process.exit(1);`);
    one.start();
    await until('it to have failed twice', async () => said.length === 4);
    expect(said).to.deep.equal([
      'it cannot start: no',
      'ended with 1; starts again in 0.5 s',
      'it cannot start: no',
      'ended with 1; starts again in 1 s',
    ]);
    await one.stop();
    expect(one.pid).to.equal(undefined);
  });
});

describe('the lines of a process', () => {
  it('are words where they were JSON of the log', () => {
    const line = '{"level":40,"time":1795479886191,"name":"audit","trace":"a1","records":3,"msg":"lag.high"}';
    expect(readable(line)).to.equal('00:24:46.191 warn  lag.high trace=a1 records=3');
  });

  it('are left as they are otherwise', () => {
    for (const line of ['audit cannot start: no.', '{"not":"a log"}', '{broken', ''])
      expect(readable(line)).to.equal(line);
  });
});
