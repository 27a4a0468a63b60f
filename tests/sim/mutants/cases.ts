import type { Mutant } from './planting.ts';

const SRC = 'services/case-state/src';

/** Bugs in what a case decides. */
export const IN_CASES: readonly Mutant[] = [
  {
    name: 'a turn that comes again is another turn',
    law: '1, 3',
    file: `${SRC}/turns.ts`,
    find: 'if (draft.seen(turnEntryId(contactId, said.turn.inputId))) return;',
    replace: '',
  },
  {
    name: 'a turn is not remembered as taken',
    law: '1, 3',
    file: `${SRC}/said.ts`,
    find: 'draft.take(entryId, number);',
    replace: '',
  },
  {
    name: 'an entry has the number of the one before',
    law: '2',
    file: `${SRC}/drafting.ts`,
    find: 'const number = this.head().version + 1;',
    replace: 'const number = Math.max(1, this.head().version);',
  },
  {
    name: 'a contact is not briefed when it joins',
    law: 'everything drains',
    file: `${SRC}/joining.ts`,
    find: "brief(draft, contactId, { cause: 'joined', inputId, connectionId, replyDue: turn === null && speaksFirst(joined) });",
    replace: '',
  },
  {
    name: 'a proposal is not fenced by its basis',
    law: '4',
    file: `${SRC}/replies.ts`,
    find: 'proposal.basis < draft.head().basis',
    replace: 'proposal.basis < 0',
  },
  {
    name: 'turns do not count for what a reply must know of',
    law: '4',
    file: `${SRC}/drafting.ts`,
    find: "  'InteractionAdded',\n  'FactRecorded',",
    replace: "  'FactRecorded',",
  },
  {
    name: 'the level that is asked for is off by one',
    law: '5',
    file: `${SRC}/loading/policy.ts`,
    find: 'if (!(asked.assurance >= needed))',
    replace: 'if (!(asked.assurance >= needed - 1))',
  },
  {
    name: 'everything counts as said by the contact itself',
    law: '5',
    file: `${SRC}/loading/policy.ts`,
    find: "if (asked.own && (OWN_WORDS.has(asked.kind) || asked.sensitivity !== 'secret')) return yes('own');",
    replace: "if (OWN_WORDS.has(asked.kind)) return yes('own');",
  },
  {
    name: 'what is withheld is on no receipt',
    law: '9',
    file: `${SRC}/loading/packing.ts`,
    find: "this.#withheld.push({ ...line, reason: answer.allowed ? 'budget' : answer.reason });",
    replace: '',
  },
  {
    name: 'documents of a case lie in the clear',
    law: '5',
    file: `${SRC}/processor.ts`,
    find: 'keyOf: (_document, content) =>',
    replace: 'keyOf: (_document, content) => content === null ? undefined : undefined &&',
  },
  {
    name: 'a turn of a contact that is weighed is not offered',
    law: 'everything drains',
    file: `${SRC}/turns.ts`,
    find: "draft.toIdentity('TurnOffered', { contactId, caseId, turn });",
    replace: '',
  },
  {
    name: 'a connection that comes back is not answered',
    law: 'everything drains',
    file: `${SRC}/connections.ts`,
    find: 'const numbers = missed(contact.frames, behind);',
    replace: "const numbers = missed(contact.frames, behind);\n  if (connectionId !== '') return;",
  },
  {
    name: 'a reply goes to whoever was first on the case',
    law: '5',
    file: `${SRC}/replies.ts`,
    find: 'const said = { contactId, channel, text, sensitivity, assurance };',
    replace: 'const said = { contactId: draft.head().openedBy, channel, text, sensitivity, assurance };',
  },
  {
    name: 'nobody is told what came of an action',
    law: 'everything drains',
    file: `${SRC}/actions.ts`,
    find: '  tell(draft, action, reported);\n}',
    replace: '}',
  },
];
