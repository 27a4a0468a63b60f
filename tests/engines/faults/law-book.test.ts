import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { type Known, violations } from './law-book.ts';

const INPUT = 'inp_1';
const entry = (number: number, type: string, body: object = {}): CaseEvent =>
  ({
    id: `msg_${number}`,
    sequence: number,
    type,
    body: { caseId: 'case_1', contactId: 'ctc_1', number, ...body },
  }) as CaseEvent;

const said = (number: number, inputId = INPUT) => entry(number, 'InteractionAdded', { turn: { inputId } });
const briefed = (number: number) => entry(number, 'ContactBriefed');
const replied = (number: number, inputId = INPUT) => entry(number, 'ReplyAccepted', { inputId });
const known: Known = {
  acknowledged: [{ contactId: 'ctc_1', inputId: INPUT }],
  started: [],
  writes: new Map(),
  unreadable: new Set(['bad']),
  parked: new Set(['bad']),
};
const story = [said(1), briefed(2), replied(3)];

describe('the book of laws', () => {
  it('finds nothing in a story that went well, nor in one that the log tells twice', () => {
    expect(violations(story, known)).to.deep.equal([]);
    expect(violations([...story, said(1), replied(3)], known)).to.deep.equal([]);
  });

  for (const [what, records, law] of [
    ['an acknowledged turn that is nowhere', [entry(1, 'CaseOpened'), briefed(2), replied(3)], /law 1.*0 times/],
    ['a turn that stands twice', [...story, said(4)], /law 1.*2 times/],
    ['a gap', [said(1), briefed(3)], /law 2.*from 1 to 3/],
    ['a number that is two entries', [...story, { ...replied(3), id: 'msg_9' } as CaseEvent], /law 2.*two different/],
    ['a reply that does not know the newest turn', [said(1), briefed(2), said(3, 'inp_2'), replied(4)], /law 4/],
    [
      'an action that is requested twice',
      [...story, ...[4, 5].map((n) => entry(n, 'ActionRequested', { actionId: 'act_1' }))],
      /law 3/,
    ],
    ['a turn that nobody answered', [said(1), briefed(2)], /never answered/],
  ] as const) {
    it(`finds ${what}`, () => {
      expect(violations(records, known).join()).to.match(law);
    });
  }

  it('finds a write that reached the backend under two keys', () => {
    const writes = new Map([['10-4477', new Set(['a', 'b'])]]);
    expect(violations(story, { ...known, writes }).join()).to.match(/law 3.*2 times/);
  });

  it('finds what was parked and can be read, and what was not and cannot', () => {
    expect(violations(story, { ...known, parked: new Set(['good']) })).to.deep.equal([
      'law 10: good was parked',
      'law 10: bad, which is unreadable, was not parked',
    ]);
  });

  it('finds a briefing that lacks what was acknowledged before its contact started', () => {
    const started = [{ contactId: 'ctc_2', behind: [INPUT] }];
    const joins = (number: number) => entry(number, 'ContactBriefed', { contactId: 'ctc_2', cause: 'joined' });
    expect(violations([...story, joins(4)], { ...known, started })).to.deep.equal([]);
    expect(violations([joins(1), said(2), briefed(3), replied(4)], { ...known, started })).to.deep.equal([
      `law 4: ctc_2 was briefed without ${INPUT}`,
    ]);
  });
});
