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
    name: 'a fenced owner publishes all the same',
    law: '2',
    file: PARTITION,
    find: "if (outcome === 'fenced') {",
    replace: "if (outcome === 'fenced') {\n      await appendAll(engine.log, unit.messages);",
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
];
