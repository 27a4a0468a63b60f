import { join } from 'node:path';
import { expect } from 'chai';
import { serviceNameOf } from './sdk.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('the name of a process', () => {
  for (const [program, name] of [
    [join(root, 'services', 'case-state', 'src', 'main.ts'), 'case-state'],
    [join(root, 'scripts', 'start.ts'), 'throughline'],
    [undefined, 'throughline'],
  ] as const)
    it(`is ${name} for ${program === undefined ? 'a program without a file' : program.slice(root.length + 1)}`, () =>
      expect(serviceNameOf(program)).to.equal(name));
});
