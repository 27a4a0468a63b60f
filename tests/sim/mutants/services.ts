import type { Mutant } from './planting.ts';

const AUDIT = 'services/audit/src';
const MAIL = 'services/email-gateway/src';

/** Bugs in the agent, the runner of actions, the audit trail, mail and voice. */
export const IN_SERVICES: readonly Mutant[] = [
  {
    name: 'a link of the trail does not follow the one before',
    law: '9',
    file: `${AUDIT}/decide.ts`,
    find: 'count: former.count + 1, hash: link.hash,',
    replace: 'count: former.count + 1, hash: former.hash,',
  },
  {
    name: 'the trail does not count its links',
    law: '9',
    file: `${AUDIT}/decide.ts`,
    find: 'count: former.count + 1,',
    replace: 'count: Math.max(1, former.count),',
  },
  {
    name: 'the trail leaves repeats out',
    law: '9',
    file: `${AUDIT}/processor.ts`,
    find: 'observes: true,',
    replace: 'observes: false,',
  },
  {
    name: 'a link is made without the value of its record',
    law: '9',
    file: `${AUDIT}/chain.ts`,
    find: "valueBase64: Buffer.from(record.value).toString('base64'),",
    replace: "valueBase64: '',",
  },
  {
    name: 'mail of nobody proven proves its address',
    law: '8',
    file: `${MAIL}/normalize.ts`,
    find: 'grade: dmarc,',
    replace: "grade: 'proven',",
  },
  {
    name: 'a letter that is brought again is another contact',
    law: '3',
    file: `${MAIL}/normalize.ts`,
    find: "inputId: deriveId('inp', contactId, 'mail'),",
    replace: "inputId: deriveId('inp', contactId, String(receivedMs)),",
  },
  {
    name: 'a stale reply is refused and nobody is briefed again',
    law: 'everything drains',
    file: 'services/case-state/src/replies.ts',
    find: "refuse(draft, proposal, 'stale');\n    briefAgain(draft, proposal.contactId, due, due.round);",
    replace: "refuse(draft, proposal, 'stale');",
  },
  {
    name: 'only the first turn of a contact is briefed',
    law: 'everything drains',
    file: 'services/case-state/src/weighing.ts',
    find: "brief(draft, contactId, { cause: 'turn', inputId, connectionId, replyDue: true });",
    replace:
      "if (contact.newestInputId === null) brief(draft, contactId, { cause: 'turn', inputId, connectionId, replyDue: true });",
  },
  {
    name: 'a verdict of identity is not answered',
    law: 'everything drains',
    file: 'services/case-state/src/turns.ts',
    find: "brief(draft, contactId, { cause: 'weighed', inputId: answers, verdict, triesLeft, replyDue: true });",
    replace: '',
  },
  {
    name: 'what a customer says is put on no tail',
    law: '4',
    file: 'services/case-state/src/said.ts',
    find: 'draft.change({ tail: newest([...draft.head().tail, short], LIMITS.tail) });',
    replace: 'draft.change({ tail: newest(draft.head().tail, LIMITS.tail) });',
  },
  {
    name: 'a contact is as sure as it wishes',
    law: '5',
    file: 'services/identity-resolution/src/decide-start.ts',
    find: "assurance: match.who === 'known' ? match.assurance : 0,",
    replace: 'assurance: 2,',
  },
  {
    name: 'one code makes a contact strong',
    law: '5',
    file: 'services/identity-resolution/src/proving.ts',
    find: 'proofs.length > 1 ? 3 : 2',
    replace: 'proofs.length > 0 ? 3 : 2',
  },
  {
    name: "a fact of the backend is anybody's to hear",
    law: '5',
    file: 'services/case-state/src/facts.ts',
    find: 'const sensitivity = stricter(fact.sensitivity, labelFact(fact.name, value));',
    replace: "const sensitivity = 'status' as const;",
  },
  {
    name: 'the backend is asked without an idempotency key',
    law: '3',
    file: 'services/agent/src/runner.ts',
    find: "spec.effect === 'write' ? asked.actionId : undefined",
    replace: 'undefined',
  },
  {
    name: 'every run of an action has a key of its own',
    law: '3',
    file: 'services/agent/src/runner.ts',
    find: "spec.effect === 'write' ? asked.actionId : undefined",
    replace: 'asked.actionId + clock.nowMs()',
  },
  {
    name: 'a mail that is sent again is another mail',
    law: '3',
    file: `${MAIL}/deliver.ts`,
    find: 'await send(mail)',
    replace: "await send({ ...mail, messageId: '<' + clock.nowMs() + mail.messageId.slice(1) })",
  },
  {
    name: 'a recipient whose mailbox is full is tried for ever',
    law: 'everything drains',
    file: `${MAIL}/deliver.ts`,
    find: 'return clock.nowMs() - sinceMs < DEFERRED_MAX_MS;',
    replace: 'return true;',
  },
  {
    name: 'answers by mail are never sent',
    law: 'everything drains',
    file: `${MAIL}/deliver.ts`,
    find: "types: ['MailDue', 'ReplyAccepted'],",
    replace: "types: ['MailDue'],",
  },
];
