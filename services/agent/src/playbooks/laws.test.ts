import { readdirSync, readFileSync } from 'node:fs';
import type { ContactBriefed } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import fc from 'fast-check';
import { action, briefed, fact, plan, promise, question, TOOLS, turn } from './given.ts';

const GREETING = /\b(hello|hi|hey|welcome|good (morning|afternoon|evening)|thanks for calling|dear)\b/i;

const words = fc.constantFrom(
  'I want a refund for W2378156',
  'I want my money back, it arrived broken',
  'Where is my order?',
  'Where is my refund?',
  'W5490127',
  'yes',
  'no',
  'something else',
  'thanks, bye',
  'let me talk to a person',
  'ines.okafor@post.example',
  'The moon is made of cheese',
  '******',
);
/** Values that no sentence of the playbooks holds. */
const value = fc.stringMatching(/^zq[a-z]{3,9}$/);
const factNames = ['order_number', 'reason', 'order_status', 'refund_status', 'order_item', 'serial_number'];
const factList = fc.uniqueArray(fc.constantFrom(...factNames), { maxLength: 4 });
const channel = fc.constantFrom('chat', 'voice', 'email');
const actions = fc.array(
  fc
    .tuple(
      fc.constantFrom('request_refund', 'order_status', 'refund_status'),
      fc.constantFrom('requested', 'pending', 'done', 'failed'),
      fc.option(value),
      fc.constantFrom('inp_0', 'inp_1'),
    )
    .map(([name, state, note, attempt]) => action(name, state, { note, attempt })),
  { maxLength: 3 },
);

const briefing = fc.record({
  status: fc.constantFrom('open', 'waiting', 'resolved', 'closed'),
  kind: fc.constantFrom(null, 'refund', 'order', 'other'),
  needsPerson: fc.boolean(),
  facts: factList.chain((names) =>
    fc.tuple(...names.map((name) => value.map((held) => fact(name, held, { source: 'backend' })))),
  ),
  knownFacts: factList,
  question: fc.option(fc.constantFrom(...factNames, 'matter', 'code', 'identity').map(question)),
  promises: fc.array(value.map(promise), { maxLength: 2 }),
  actions,
  unanswered: fc.array(
    words.map((text) => turn(text)),
    { maxLength: 2 },
  ),
  news: fc.array(
    value.map((text) => turn(text, { contactId: 'ctc_2', channel: 'voice' })),
    { maxLength: 2 },
  ),
  newsWithheld: fc.nat(2),
  recent: fc.array(
    words.map((text) => turn(text)),
    { maxLength: 2 },
  ),
  firstWords: fc.boolean(),
  asked: fc.array(fc.constantFrom('identity', 'matter', 'order_number', 'which_case'), { maxLength: 3 }),
});

const given: fc.Arbitrary<ContactBriefed> = fc
  .tuple(
    fc.record({
      channel,
      cause: fc.constantFrom('joined', 'turn', 'weighed', 'stale', 'action'),
      disposition: fc.constantFrom('resumed', 'choose', 'verify', 'opened', 'unmatched'),
      assurance: fc.nat(3),
      settled: fc.boolean(),
      codeAwaited: fc.boolean(),
      verdict: fc.constantFrom(null, 'nothing-found', 'code-sent', 'code-wrong', 'proven', 'which-case', 'no-address'),
      triesLeft: fc.nat(3),
    }),
    briefing,
  )
  .map(([stated, pack]) => briefed(stated, pack));

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Every word that the playbooks are written with. */
const FIXED = new Set(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'given.ts')
    .flatMap((file) => wordsOf(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))),
);

describe('what holds for every reply of the playbooks', () => {
  it('says nothing that neither the briefing nor a fixed sentence holds (law 5)', () => {
    fc.assert(
      fc.property(given, (briefing) => {
        const text = plan(briefing).text ?? '';
        const held = new Set(wordsOf(JSON.stringify(briefing)));
        expect(wordsOf(text).filter((word) => !FIXED.has(word) && !held.has(word))).to.deep.equal([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('says no held value to a contact that has not settled (law 5)', () => {
    fc.assert(
      fc.property(given, (briefing) => {
        expect(plan({ ...briefing, settled: false }).text ?? '').not.to.match(/zq[a-z]+/);
      }),
      { numRuns: 500 },
    );
  });

  it('never asks for a fact that the case knows (law 7)', () => {
    fc.assert(
      fc.property(given, (briefing) => {
        const known = [...briefing.briefing.facts.map(({ name }) => name), ...briefing.briefing.knownFacts];
        expect(known).not.to.include(plan(briefing).asks);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never greets', () => {
    fc.assert(
      fc.property(given, (briefing) => {
        expect(plan(briefing).text ?? '').not.to.match(GREETING);
      }),
      { numRuns: 500 },
    );
  });

  it('always comes to something: words, an action, a check of who is there or another case', () => {
    fc.assert(
      fc.property(given, (briefing) => {
        const { text, action, stepUp, newIssue } = plan(briefing);
        expect([text !== null && text !== '', action !== null, stepUp !== null, newIssue]).to.include(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('proposes only what the contact has the assurance for, and only with facts', () => {
    fc.assert(
      fc.property(given, (briefing) => {
        const { action } = plan(briefing);
        if (!action) return;
        expect(action.assurance).to.be.at.most(briefing.assurance);
        expect(action.parameters.map(({ name }) => name)).to.deep.equal(['order_number']);
      }),
      { numRuns: 1_000 },
    );
  });

  it('hands over rather than failing where the mesh has no actions', () => {
    expect(TOOLS).not.to.have.length(0);
    const said = plan(briefed({}, { unanswered: [turn('I want a refund for W2378156')] }), []);
    expect(said.handover).to.be.a('string');
  });
});
