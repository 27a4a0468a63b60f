import { expect } from 'chai';
import { CHAT, joined, mac, Story, said } from './specification.ts';

const OTHER = 'My lamp from order 20-5588 broke';
const changed = (story: Story) => story.reply({ newIssue: true }).toIdentity('IssueChanged')[0];

describe('another subject', () => {
  it('began with what was said last, or with what led to the briefing where nothing was said here', () => {
    const was = { number: 3, inputId: 'inp_x', contactId: CHAT, channel: 'chat', from: 'customer' } as const;
    const carriedTurns = [{ ...was, text: OTHER, atMs: 1 }];
    const brought = new Story().when('ContactJoined', joined({ hop: 2, movedFrom: 'case_p', carriedTurns }));
    expect(changed(brought)).to.deep.include({ contactId: CHAT, inputId: 'inp_x' });
    expect(changed(brought), 'identity is asked once').to.equal(undefined);
    const silent = new Story().when('ContactJoined', joined({ disposition: 'resumed' }));
    expect(changed(silent)).to.deep.include({ inputId: `joined:${CHAT}:1`, references: [] });
  });

  it('takes no telephone number for an order', () => {
    const story = new Story().when('ContactJoined', joined());
    story.when('CustomerSaid', said(`${OTHER}, call (212) 736-5000`));
    expect(changed(story)?.references).to.deep.equal([mac('reference', '205588')]);
  });
});
