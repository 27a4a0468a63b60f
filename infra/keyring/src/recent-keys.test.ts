import { expect } from 'chai';
import { createRecentKeys } from './recent-keys.ts';

describe('the keys in memory', () => {
  it('are never more than the limit', () => {
    const keys = createRecentKeys(2);
    for (const keyId of ['a', 'b', 'c']) keys.set(keyId, 'never made');
    expect(['a', 'b', 'c'].filter((keyId) => keys.get(keyId) !== undefined)).to.deep.equal(['b', 'c']);
  });

  it('give way in the order of their last use', () => {
    const keys = createRecentKeys(2);
    keys.set('a', 'never made');
    keys.set('b', 'never made');
    keys.get('a');
    keys.set('c', 'never made');
    expect(keys.get('a')).to.equal('never made');
    expect(keys.get('b')).to.equal(undefined);
  });
});
