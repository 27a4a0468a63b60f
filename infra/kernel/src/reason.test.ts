import { expect } from 'chai';
import { Undecodable } from './envelope.ts';
import { Fenced } from './partition.ts';
import { reasonOf } from './reason.ts';
import { Unwritable } from './unit-builder.ts';

describe('why something failed', () => {
  it('is the name of the error and its code, never its message', () => {
    expect(reasonOf(new RangeError('a@b.example is refused'))).to.equal('RangeError');
    expect(reasonOf(Object.assign(new Error('secret'), { code: 'EPIPE' }))).to.equal('Error EPIPE');
    expect(reasonOf(Object.assign(new Error('secret'), { code: 550 }))).to.equal('Error 550');
    expect(reasonOf(Object.assign(new Error('secret'), { code: { secret: true } }))).to.equal('Error');
  });

  it('is what was thrown, where that was no error', () => {
    expect(['secret', undefined, {}].map(reasonOf)).to.deep.equal(['string', 'undefined', 'object']);
  });

  it('tells the refusals of the kernel apart', () => {
    const refusals = [new Undecodable('it is garbage'), new Fenced('a/0'), new Unwritable('it is too large')];
    expect(refusals.map(reasonOf)).to.deep.equal(['Error undecodable', 'Error fenced', 'Error unwritable']);
  });
});
