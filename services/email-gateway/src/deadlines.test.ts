import { FakeClock } from '@throughline/gateway/testing/fake-clock';
import { expect } from 'chai';
import { createDeadlines, type Deadlines } from './deadlines.ts';

describe('a deadline', () => {
  let clock: FakeClock;
  let passed: string[];
  let deadlines: Deadlines;
  beforeEach(() => {
    clock = new FakeClock();
    passed = [];
    deadlines = createDeadlines({ clock, limitMs: 100, passed: (id) => passed.push(id) });
    deadlines.start('a');
  });

  it('passes once, when its time is over', () => {
    clock.advance(99);
    expect(passed).to.deep.equal([]);
    clock.advance(500);
    expect(passed).to.deep.equal(['a']);
  });

  it('does not pass while it is paused, and has its whole time again after that', () => {
    clock.advance(99);
    deadlines.pause('a');
    clock.advance(1_000);
    deadlines.restart('a');
    clock.advance(99);
    expect(passed).to.deep.equal([]);
    clock.advance(1);
    expect(passed).to.deep.equal(['a']);
  });

  it('is not begun again by what is told of it after its end', () => {
    deadlines.end('a');
    deadlines.pause('a');
    deadlines.restart('a');
    clock.advance(1_000);
    expect(passed).to.deep.equal([]);
  });

  it('is one for each id', () => {
    clock.advance(50);
    deadlines.start('b');
    clock.advance(50);
    expect(passed).to.deep.equal(['a']);
  });
});
