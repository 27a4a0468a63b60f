import { expect } from 'chai';
import fc from 'fast-check';
import type { ContactDocument, CustomerDocument } from './documents.ts';
import {
  called,
  chatted,
  email,
  type Input,
  imported,
  MINUTE_MS,
  mailed,
  offered,
  phone,
  rightCode,
  Specification,
} from './specification.ts';

const NUMBERS = ['+14155550142', '+14155550177'] as const;
const ADDRESSES = ['ines@post.example', 'bo@post.example'] as const;
const PEOPLE = ['ines', 'bo'] as const;
const CONTACTS = ['ctc_1', 'ctc_2', 'ctc_3', 'ctc_4'] as const;
const TEXTS = [
  'hello',
  'I am ines@post.example',
  'my number is 415-555-0142',
  'something new',
  'send it again',
] as const;

type Step =
  | { readonly do: 'input'; readonly input: Input }
  | { readonly do: 'say'; readonly contactId: string; readonly text: string }
  | { readonly do: 'prove'; readonly contactId: string }
  | { readonly do: 'wait'; readonly ms: number };

const contact = fc.constantFrom(...CONTACTS);
const number = fc.constantFrom(...NUMBERS);
const grade = fc.constantFrom('proven', 'failed', 'none' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...PEOPLE), number, fc.constantFrom(...ADDRESSES))
    .map(([who, one, address]): Step => ({ do: 'input', input: imported(who, phone(one), email(address)) })),
  fc.tuple(contact, number, grade).map(([id, one, how]): Step => ({ do: 'input', input: called(id, one, how) })),
  contact.map((id): Step => ({ do: 'input', input: chatted(id, `ses_${id}`) })),
  fc
    .tuple(contact, fc.constantFrom(...ADDRESSES), grade)
    .map(([id, from, how]): Step => ({ do: 'input', input: mailed(id, from, 'hello', { grade: how }) })),
  fc.tuple(contact, fc.constantFrom(...TEXTS)).map(([contactId, text]): Step => ({ do: 'say', contactId, text })),
  contact.map((contactId): Step => ({ do: 'prove', contactId })),
  fc.constantFrom(MINUTE_MS, 11 * MINUTE_MS, 40 * MINUTE_MS).map((ms): Step => ({ do: 'wait', ms })),
);
const stories = fc.array(step, { minLength: 1, maxLength: 25 });

/** Takes one step of a story; returns the contact whose turn it was, if it was one. */
function take(specification: Specification, one: Step, at: number): ContactDocument | undefined {
  if (one.do === 'wait') specification.after(one.ms);
  if (one.do === 'input') specification.when(one.input);
  if (one.do === 'wait' || one.do === 'input') return undefined;
  const before = specification.document('contact', one.contactId);
  if (!before) return undefined;
  const code = one.do === 'prove' ? rightCode(before.contactId, before.stepUpId ?? 'stp_none') : undefined;
  const said = code ?? { ...rightCode(before.contactId, ''), text: one.do === 'say' ? one.text : '', codeProofs: [] };
  specification.when(offered(before.contactId, before.caseId, { ...said, inputId: `inp_${at}` }));
  return before;
}

const replay = (
  story: readonly Step[],
  check: (specification: Specification, turnOf: ContactDocument | undefined) => void,
): void => {
  const specification = new Specification();
  story.forEach((one, at) => {
    specification.said = [];
    check(specification, take(specification, one, at));
  });
};

const contactsOf = (specification: Specification): readonly ContactDocument[] =>
  specification.documents().flatMap(({ kind, content }) => (kind === 'contact' ? [content as ContactDocument] : []));

describe('whatever happens', () => {
  it('a contact is settled exactly when it is resumed or opened for a known customer, at assurance 1 or more', () => {
    fc.assert(
      fc.property(stories, (story) => {
        replay(story, (specification) => {
          for (const one of contactsOf(specification)) {
            const home = specification.document('customer', one.homeCustomerId);
            expect(one.settled).to.equal(one.disposition === 'resumed' || one.disposition === 'opened');
            expect(home?.provisional).to.equal(!one.settled);
            if (one.settled) expect(one.customerId).to.equal(one.homeCustomerId);
            if (one.customerId !== null) expect(one.assurance).to.be.at.least(1);
            else expect(one.assurance).to.equal(0);
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it('every turn that is weighed is answered exactly once', () => {
    fc.assert(
      fc.property(stories, (story) => {
        replay(story, (specification, turnOf) => {
          if (!turnOf) return;
          const answers = specification
            .types()
            .filter((type) => ['TurnWeighed', 'MoveDecided', 'OwnerProven'].includes(type));
          expect(answers).to.have.length(1);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('both sides of every claim agree', () => {
    fc.assert(
      fc.property(stories, (story) => {
        replay(story, (specification) => {
          for (const { kind, content } of specification.documents()) {
            if (kind !== 'customer') continue;
            for (const claim of (content as CustomerDocument).claims) {
              const other = specification.document('identifier', claim.identifierId)?.claims;
              expect(other?.find((one) => one.claimId === claim.claimId)).to.include({
                proof: claim.proof,
                scope: claim.scope,
              });
            }
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it('no event says an identifier, and mail goes to addresses on file only', () => {
    fc.assert(
      fc.property(stories, (story) => {
        replay(story, (specification) => {
          for (const { to } of specification.all('MailRequested')) expect(to).to.be.oneOf([null, ...ADDRESSES]);
          const clauses = JSON.stringify(specification.all('ContactIdentified').map((event) => event.because));
          for (const value of [...NUMBERS, ...ADDRESSES]) expect(clauses).not.to.include(value);
        });
      }),
      { numRuns: 100 },
    );
  });
});
