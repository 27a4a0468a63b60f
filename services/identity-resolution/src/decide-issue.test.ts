import { expect } from 'chai';
import { caseIdOf } from './placing.ts';
import { called, type Input, reference, Specification } from './specification.ts';
import { INES, ines, NUMBER, orderCase, refundCase } from './specification-story.ts';

const changed = (caseId: string, order: string, inputId = 'inp_1'): Input => ({
  type: 'IssueChanged',
  body: { contactId: 'ctc_1', caseId, inputId, references: [reference(order)] },
});

describe('a change of subject', () => {
  const resumed = () => new Specification().given(ines, refundCase, called('ctc_1', NUMBER));

  it('moves the contact to the other case about the order named', () => {
    const specification = resumed().given(orderCase).when(changed('case_refund', 'W7654321'));
    expect(specification.one('MoveDecided')).to.include({
      caseId: 'case_refund',
      toCaseId: 'case_order',
      opens: false,
      disposition: 'resumed',
      hop: 2,
    });
    expect(specification.one('ContactRerouted').because).to.contain('they changed the subject');
    expect(specification.one('ContactIdentified')).to.include({ caseId: 'case_order', customerId: INES });
    expect(specification.document('contact', 'ctc_1')).to.include({ caseId: 'case_order', hop: 2 });
  });

  it('opens a case where none is about it', () => {
    const toCaseId = caseIdOf('ctc_1', 2);
    expect(resumed().when(changed('case_refund', 'W9999999')).one('MoveDecided')).to.include({
      toCaseId,
      opens: true,
      disposition: 'opened',
      provisional: false,
    });
  });

  it('is nothing where the contact is no longer there', () => {
    expect(resumed().when(changed('case_order', 'W7654321')).said).to.deep.equal([]);
  });

  it('by one turn goes to one other case, and never round', () => {
    const specification = resumed().given(orderCase, changed('case_refund', 'W7654321'));
    expect(specification.when(changed('case_order', 'W1234567')).one('MoveDecided').disposition).to.equal('opened');
  });

  it('to what the case itself is about opens another, for it never moves to where it is', () => {
    const specification = resumed().when(changed('case_refund', 'W1234567'));
    expect(specification.one('MoveDecided')).to.include({ toCaseId: caseIdOf('ctc_1', 2), disposition: 'opened' });
  });

  it('is on the record with whether a case was about it', () => {
    const why = (order: string) =>
      resumed().given(orderCase).when(changed('case_refund', order)).one('MoveDecided').because;
    expect(why('W7654321')).to.deep.equal(['they changed the subject', 'another case is about the order named']);
    expect(why('W9999999')).to.deep.equal(['they changed the subject', 'no case is about it']);
  });

  it('is nothing from a contact that nobody knows, or that has not settled', () => {
    expect(new Specification().when(changed('case_refund', 'W7654321')).said).to.deep.equal([]);
    const asked = new Specification().given(ines, refundCase, orderCase, called('ctc_1', NUMBER));
    expect(asked.when(changed(caseIdOf('ctc_1', 1), 'W7654321')).said).to.deep.equal([]);
  });
});
