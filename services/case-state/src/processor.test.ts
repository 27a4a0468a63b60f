import type { DecideContext } from '@throughline/kernel/processor';
import type { CaseInput } from '@throughline/schemas/generated/messages';
import { expect } from 'chai';
import { createCaseProcessor } from './processor.ts';
import { CASE, joined, mac, START_MS, Story, said } from './specification.ts';

const processor = createCaseProcessor();
const record = { topic: 't', key: CASE, headers: {}, value: new Uint8Array(), partition: 0, offset: 0 };
const context: DecideContext = { nowMs: START_MS, partition: 0, record, mac };

describe('the case-state processor', () => {
  it('seals every document under the key of its case', () => {
    const story = new Story().when('ContactJoined', joined()).when('CustomerSaid', said('Hello'));
    for (const [name, content] of story.documents) {
      const [kind = '', id = ''] = name.split(' ');
      expect(processor.keyOf({ kind, id }, content)).to.equal(`case:${CASE}`);
    }
  });

  it('tells a contact that it is held, outside of the numbers of the thread (law 10)', () => {
    const message = { type: 'CustomerSaid', body: said('Hello') } as CaseInput;
    const [held] = processor.held?.({ subject: CASE, key: CASE, message }, context) ?? [];
    expect(held?.body).to.deep.equal({ caseId: CASE, number: 0, atMs: START_MS, contactId: 'ctc_chat' });
    const [unread] = processor.held?.({ subject: CASE, key: CASE, message: undefined }, context) ?? [];
    expect(unread?.body).to.include({ contactId: null });
  });

  it('leaves redriving to the kernel', () => {
    expect(
      new Story().when('RedriveRequested', { subject: CASE, by: 'operator', skipFirst: false }).said,
    ).to.deep.equal([]);
  });
});
