import type { Mutant } from './planting.ts';

const PARTITION = 'infra/kernel/src/partition.ts';
const BUILDER = 'infra/kernel/src/unit-builder.ts';
const GROUP = 'infra/log-embedded/src/group.ts';

/** Bugs in how state is committed and the log is read. */
export const IN_THE_KERNEL: readonly Mutant[] = [
  {
    name: 'the place in the log moves before the batch is handled',
    law: '1',
    file: GROUP,
    find: 'await subscriber.batch(partition, records);\n        offset += records.length;',
    replace: 'offset += records.length;\n        await subscriber.batch(partition, records);',
  },
  {
    name: 'a unit is never published',
    law: '1',
    file: PARTITION,
    find: 'await appendAll(engine.log, unit.messages);',
    replace: '',
  },
  {
    name: 'a unit is forgotten when its append fails',
    law: '1',
    file: PARTITION,
    find: 'await appendAll(engine.log, unit.messages);',
    replace:
      'this.#state = unit.state;\n    this.#unfinished = undefined;\n    await appendAll(engine.log, unit.messages);',
  },
  {
    name: 'the first record behind the cursor is passed over',
    law: '1',
    file: PARTITION,
    find: 'record.offset >= this.#state.cursor',
    replace: 'record.offset > this.#state.cursor',
  },
  {
    name: 'the next of a source counts as a repeat',
    law: '1',
    file: BUILDER,
    find: 'if (sequence <= (taken[source] ?? 0)) return false;',
    replace: 'if (sequence <= (taken[source] ?? 0) + 1) return false;',
  },
  {
    name: 'a unit begins its sequence anew',
    law: '1',
    file: BUILDER,
    find: 'this.#sequence = options.state.sequence;',
    replace: 'this.#sequence = 0;',
  },
  {
    name: 'a unit leaves its cursor where it was',
    law: '3',
    file: BUILDER,
    find: 'this.#cursor = offset + 1;',
    replace: 'this.#cursor = Math.max(this.#cursor, offset);',
  },
  {
    name: 'only the first write of a document counts',
    law: '2',
    file: 'infra/kernel/src/document-set.ts',
    find: 'this.#writes.set(key, write);',
    replace: 'if (!this.#writes.has(key)) this.#writes.set(key, write);',
  },
  {
    name: 'a document is read past what the unit has written',
    law: '2',
    file: 'infra/kernel/src/document-set.ts',
    find: 'this.#contents.set(key, write.content ?? undefined);',
    replace: '',
  },
  {
    name: 'documents are sealed without their place',
    law: '5',
    file: 'infra/kernel/src/sealing.ts',
    find: 'const body = keyId === undefined ? plain : keyring.seal(keyId, plain, contextOf(processor, document));',
    replace: 'const body = keyId === undefined ? plain : keyring.seal(keyId, plain, processor);',
  },
  {
    name: 'the cursor moves before the commit',
    law: '1',
    file: PARTITION,
    find: '    this.#unfinished = unfinished;\n    const outcome',
    replace: '    this.#state = unit.state;\n    const outcome',
  },
  {
    name: 'messages are out before their unit is committed',
    law: '2',
    file: PARTITION,
    find: 'const outcome = await engine.store.commit(unit);',
    replace: 'await appendAll(engine.log, unit.messages);\n    const outcome = await engine.store.commit(unit);',
  },
  {
    name: 'what a source sends again is taken again',
    law: '1, 3',
    file: BUILDER,
    find: 'if (sequence <= (taken[source] ?? 0)) return false;',
    replace: '',
  },
  {
    name: 'what comes behind a parked record goes on',
    law: '10',
    file: PARTITION,
    find: 'if (held.has(subject)) {',
    replace: 'if (held.has(subject) && message === undefined) {',
  },
  {
    name: 'a new owner does not know who is held',
    law: '10',
    file: PARTITION,
    find: 'const held = await heldSubjects(engine.store, processor.name, partition);',
    replace: 'const held = new Set<string>();',
  },
  {
    name: 'what is set aside takes what is behind it along',
    law: '1',
    file: PARTITION,
    find: 'skipFirst ? records.slice(1) : records',
    replace: 'skipFirst ? records.slice(2) : records',
  },
  {
    name: 'an owner goes on with what it had read before it wrote',
    law: '2',
    file: PARTITION,
    find: 'this.#owned.wrote(unit.documents);',
    replace: '',
  },
  {
    name: 'a reactor counts as done what it has begun',
    law: 'everything drains',
    file: 'infra/kernel/src/reacting.ts',
    find: 'place.done = false;',
    replace: '',
  },
  {
    name: 'a reactor leaves out what fails',
    law: 'everything drains',
    file: 'infra/kernel/src/reacting.ts',
    find: 'await this.#pause(pauseMs);\n      }\n    }\n    return false;',
    replace: 'return true;\n      }\n    }\n    return false;',
  },
  {
    name: 'the outbox of a taken partition is not looked through',
    law: '1',
    file: PARTITION,
    find: '    await appendAll(engine.log, opened.messages);\n',
    replace: '',
  },
];
