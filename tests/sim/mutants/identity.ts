import type { Mutant } from './planting.ts';

const SRC = 'services/identity-resolution/src';

/** Bugs in who somebody is and which case they are given. */
export const IN_IDENTITY: readonly Mutant[] = [
  {
    name: 'a number of two customers names the first of them',
    law: '8',
    file: `${SRC}/matching.ts`,
    find: 'if (customers.size > 1) {',
    replace: 'if (customers.size > 2) {',
  },
  {
    name: 'a contact is sent to no case',
    law: 'everything drains',
    file: `${SRC}/placing.ts`,
    find: 'identified(ledger, contact, sent.because);\n',
    replace: 'identified(ledger, contact, sent.because);\n  if (!contact.settled) return;\n',
  },
  {
    name: 'a turn that is weighed has no verdict',
    law: 'everything drains',
    file: `${SRC}/weighing.ts`,
    find: 'const stepUp = openStepUp(ledger, contact.stepUpId);\n  ledger.tell(',
    replace:
      'const stepUp = openStepUp(ledger, contact.stepUpId);\n  if (stepUp === undefined) return;\n  ledger.tell(',
  },
  {
    name: 'every customer has one case for ever',
    law: 'one case at a time',
    file: `${SRC}/placing.ts`,
    find: "export const caseIdOf = (contactId: string, hop: number): string => deriveId('case', contactId, String(hop));",
    replace:
      "export const caseIdOf = (contactId: string, hop: number): string => deriveId('case', contactId.slice(0, 4), String(hop));",
  },
  {
    name: 'whoever says a name has it',
    law: '8',
    file: `${SRC}/decide-turn.ts`,
    find: 'askForCode(ledger, contact, { said: ids, target, needed: 2, inputId });',
    replace:
      'if (target) prove(ledger, contact, target as never, inputId);\n  else askForCode(ledger, contact, { said: ids, target, needed: 2, inputId });',
  },
  {
    name: 'a code can be used twice',
    law: '5',
    file: `${SRC}/stepup.ts`,
    find: "state: outcome === 'wrong' ? stepUp.state : outcome",
    replace: "state: outcome === 'exhausted' ? outcome : stepUp.state",
  },
  {
    name: 'a number is linked before its proof',
    law: '8',
    file: `${SRC}/stepup.ts`,
    find: 'const { said, target, needed, inputId } = ask;',
    replace:
      "const { said, target, needed, inputId } = ask;\n  for (const { identifierId } of target ? contact.shown : [])\n    ledger.write('identifier', identifierId, {\n      ...(ledger.look('identifier', identifierId) ?? NO_CLAIMS),\n      claims: [{ customerId: target.customerId, claimId: 'early', proof: 'code', scope: 'status', lastSeenMs: ledger.nowMs }],\n    });",
  },
  {
    name: 'any code proves',
    law: '5',
    file: `${SRC}/stepup.ts`,
    find: 'guesses.includes(right)',
    replace: 'guesses.length > 0',
  },
  {
    name: 'a code stands any number of tries',
    law: '5',
    file: `${SRC}/stepup.ts`,
    find: 'const tries = stepUp.tries + guesses.length;',
    replace: 'const { tries } = stepUp;',
  },
  {
    name: 'a code is good for ever',
    law: '5',
    file: `${SRC}/weighing.ts`,
    find: 'ledger.nowMs - stepUp.startedMs <= CODE_MS_MAX',
    replace: 'stepUp.startedMs > 0',
  },
  {
    name: 'a code goes to the mailbox that they came by',
    law: '5',
    file: `${SRC}/stepup.ts`,
    find: '      contact.shown.every((one) => one.identifierId !== identifierId) &&\n',
    replace: '',
  },
  {
    name: 'a stranger counts as a customer',
    law: '8',
    file: `${SRC}/matching.ts`,
    find: 'return customer !== undefined && !customer.provisional && customer.retiredInto === null;',
    replace: 'return customer !== undefined && customer.retiredInto === null;',
  },
  {
    name: 'what is taken back stays linked',
    law: '8',
    file: `${SRC}/customers.ts`,
    find: "ledger.write('identifier', claim.identifierId, { ...document, claims: others });",
    replace: '',
  },
];
