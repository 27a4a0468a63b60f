import { FakeClock } from '@throughline/gateway/testing/fake-clock';
import { expect } from 'chai';
import { createKeypad, PAUSE_MS } from './keypad.ts';

describe('the keypad', () => {
  let clock: FakeClock;
  let pressed: string[];
  let codeAwaited: boolean;

  beforeEach(() => {
    clock = new FakeClock();
    pressed = [];
    codeAwaited = false;
  });

  const type = (keys: string) => {
    const keypad = createKeypad({ clock, codeAwaited: () => codeAwaited, pressed: (turn) => pressed.push(turn) });
    for (const key of keys) keypad.press(key);
    return keypad;
  };

  it('ends a turn at the hash key, which is no part of it', () => {
    type('12#34#');
    expect(pressed).to.deep.equal(['12', '34']);
  });

  it('ends a turn after a pause, counted from the last key', () => {
    const keypad = type('1');
    clock.advance(PAUSE_MS - 1);
    keypad.press('2');
    clock.advance(PAUSE_MS - 1);
    expect(pressed).to.deep.equal([]);
    clock.advance(1);
    expect(pressed).to.deep.equal(['12']);
  });

  it('ends a turn with the sixth digit while a code is awaited, and only then', () => {
    type('123456');
    expect(pressed).to.deep.equal([]);
    codeAwaited = true;
    type('123456');
    expect(pressed).to.deep.equal(['123456']);
  });

  it('makes no turn of a hash alone', () => {
    type('##').flush();
    expect(pressed).to.deep.equal([]);
  });

  it('gives what was pressed at once when it must, and not again', () => {
    type('7').flush();
    clock.advance(PAUSE_MS);
    expect(pressed).to.deep.equal(['7']);
  });

  it('does not collect without end', () => {
    type('1'.repeat(200)).flush();
    expect(pressed.join('')).to.have.length(200);
    expect(Math.max(...pressed.map((turn) => turn.length))).to.equal(64);
  });
});
