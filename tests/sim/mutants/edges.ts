import type { Mutant } from './planting.ts';

const GATEWAY = 'infra/gateway/src';

/** Bugs where channels, the agent and the world begin. */
export const AT_THE_EDGES: readonly Mutant[] = [
  {
    name: 'a turn is acknowledged before the log has it',
    law: '1',
    file: `${GATEWAY}/turn-queue.ts`,
    find: 'await (onTheWay?.done.promise ?? this.#enqueue(inputId, send));',
    replace: '(onTheWay?.done.promise ?? this.#enqueue(inputId, send)).catch(() => undefined);',
  },
  {
    name: 'everybody in the case hears what is said to one',
    law: '5',
    file: `${GATEWAY}/switchboard.ts`,
    find: 'const contact = this.#contacts.get(contactId);\n    return contact === undefined ? [] : [[contactId, contact]];',
    replace: 'return [...this.#contacts];',
  },
  {
    name: 'an edge says that it has sent before it has',
    law: '1',
    file: 'infra/kernel/src/edge.ts',
    find: 'await log.append(sent.map(({ message }) => codec.encode(message)));',
    replace: 'log.append(sent.map(({ message }) => codec.encode(message))).catch(() => undefined);',
  },
  {
    name: 'a reply is heard on no line',
    law: 'everything drains',
    file: `${GATEWAY}/contact-on.ts`,
    find: 'for (const line of this.#lines) line.reply(event.body, event.traceparent);',
    replace: '',
  },
  {
    name: 'the home of a contact is never heard',
    law: 'everything drains',
    file: `${GATEWAY}/contact-on.ts`,
    find: 'this.#queue.whereabouts(this.#isAnswered ? now : { ...now, arrived: false });',
    replace: '',
  },
  {
    name: 'a line that is off stays with its contact',
    law: 'nothing is left over',
    file: `${GATEWAY}/contact-on.ts`,
    find: 'if (this.#lines.size > 0) return;',
    replace: 'if (this.#lines.size >= 0) return;',
  },
  {
    name: 'what was refused is overtaken by what came behind it',
    law: '2',
    file: `${GATEWAY}/turn-queue.ts`,
    find: 'this.#waiting = [];\n    for (const each of [item, ...behind])',
    replace: 'for (const each of [item])',
  },
  {
    name: 'what was said on a line is said there again',
    law: '3',
    file: `${GATEWAY}/hearing.ts`,
    find: 'if (given.has(said.entryId)) return;',
    replace: '',
  },
  {
    name: 'what is said before a refusal is heard gets ahead',
    law: '2',
    file: 'services/chat-gateway/src/refusals.ts',
    find: 'return this.#first !== undefined;',
    replace: 'return false;',
  },
];
