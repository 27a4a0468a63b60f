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
    file: `${SRC}/matching.ts`,
    find: 'if (login) {',
    replace: "if (login || started.channel === 'voice') {",
  },
];
