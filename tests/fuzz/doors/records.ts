import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCaseProcessor } from '@throughline/case-state/processor';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { type Message, Undecodable } from '@throughline/kernel/envelope';
import { HELD } from '@throughline/kernel/holding';
import { deriveId } from '@throughline/kernel/ids';
import { PartitionRunner } from '@throughline/kernel/partition';
import type { Log, LogRecord, OutgoingRecord, Store } from '@throughline/kernel/ports';
import { goOn } from '@throughline/kernel/steps';
import { noTelemetry, type Telemetry } from '@throughline/kernel/telemetry';
import { openEngines } from '@throughline/mesh/engines';
import { realClock, realRandom } from '@throughline/platform/world';
import { loadSchemas } from '@throughline/schemas/load';
import { messageOf } from '@throughline/schemas/testing/arbitrary';
import { CASE_INPUTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';
import fc from 'fast-check';
import { type DoorKind, demand, type OpenDoor } from '../door.ts';
import { type Change, changes, withChanges } from '../grammar/mutations.ts';
import { plausible } from '../grammar/records.ts';

interface RecordInput {
  readonly message: Message;
  /** Of the value, and of the header of that number. */
  readonly valueChanges: readonly Change[];
  readonly headerChanges: readonly Change[];
  readonly header: number;
}

const TOPICS = [IDENTITY_INPUTS, CASE_INPUTS];

/** Records on the topics of inputs, decoded and decided on by the processors themselves, on the embedded store. */
export const recordsDoor: DoorKind<RecordInput> = {
  name: 'records',
  about: 'records on the topics: each is handled or parked with its reason, and the next contact is briefed',
  inputsPerOpening: 500,
  inputs: () => {
    const schemas = loadSchemas();
    const records = TOPICS.flatMap((topic) =>
      [...(schemas.topics.get(topic)?.values() ?? [])].map(({ shape }) => ({ topic, shape })),
    );
    const none = fc.constant<readonly Change[]>([]);
    return fc.record({
      message: fc
        .constantFrom(...records)
        .chain(({ topic, shape }) => plausible(messageOf(schemas, topic, shape, fc.string({ unit: 'grapheme' })))),
      valueChanges: fc.oneof(none, changes),
      headerChanges: fc.oneof({ weight: 3, arbitrary: none }, { weight: 1, arbitrary: changes }),
      header: fc.nat(8),
    });
  },
  open: openRecords,
};

async function openRecords(): Promise<OpenDoor<RecordInput>> {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-fuzz-'));
  /** Records that were decided on, and records that were kept aside. */
  const counts = { handled: 0, held: 0 };
  const reporter = { info() {}, warn() {}, error() {} };
  const engines = await openEngines({
    directory,
    masterKey: undefined,
    clock: realClock,
    random: realRandom,
    reporter,
  });
  let appended: OutgoingRecord[] = [];
  const log: Log = {
    ...engines.log,
    append: async (records) => {
      appended.push(...records);
      return records.map(() => ({ partition: 0, offset: 0 }));
    },
  };
  const store: Store = {
    ...engines.store,
    commit: (unit) => {
      counts.held += unit.documents.filter(({ kind, body }) => kind === HELD && body !== null).length;
      return engines.store.commit(unit);
    },
  };
  const telemetry: Telemetry = {
    ...noTelemetry,
    handled() {
      counts.handled += 1;
    },
  };
  const engine = { ...engines, log, store, reporter, telemetry, reach: goOn };
  const identity = createIdentityProcessor({ brandRegion: 'US', mac: engines.keyring.mac });
  const runners = new Map([
    [IDENTITY_INPUTS, await PartitionRunner.open(engine, identity, 0)],
    [CASE_INPUTS, await PartitionRunner.open(engine, createCaseProcessor(), 0)],
  ]);
  let contacts = 0;

  /** Hands a record to its processor; gives what the processor said. */
  async function hand(outgoing: OutgoingRecord): Promise<readonly OutgoingRecord[]> {
    const runner = runners.get(outgoing.topic);
    if (runner === undefined) return [];
    appended = [];
    await runner.batch([{ ...outgoing, partition: 0, offset: runner.cursor }]);
    return appended;
  }

  async function encode(message: Message): Promise<OutgoingRecord | undefined> {
    await engines.keyring.ensure(engines.codec.keyIdsToEncode(message));
    try {
      return engines.codec.encode(message);
    } catch {
      return undefined;
    }
  }

  /** A contact that starts, through both processors to its briefing. */
  async function isBriefed(timeMs: number): Promise<boolean> {
    contacts += 1;
    const started = startedAt(deriveId('ctc', 'good', String(contacts)), timeMs);
    const record = await encode(started);
    const said = record === undefined ? [] : await hand(record);
    for (const input of said.filter(({ topic }) => topic === CASE_INPUTS)) {
      const events = await hand(input);
      if (events.some(({ headers }) => headers.ce_type === 'ContactBriefed')) return true;
    }
    return false;
  }

  return {
    async feed(input) {
      const { message } = input;
      const encoded = await encode(message);
      // What no service can write does not come either.
      if (encoded === undefined) return;
      const record = recordOf(encoded, input);
      await engines.codec.prepare([record]);
      try {
        engines.codec.decode(record);
      } catch (refusal) {
        demand(refusal instanceof Undecodable, `It is refused as ${String(refusal)}.`);
      }
      const before = { ...counts };
      await hand(record);
      const isTold = counts.handled > before.handled || counts.held > before.held;
      // A repeat is dropped by its sequence, and that is right; the kernel's own redrive says nothing where nothing is held.
      const mayBeSilent = record.headers.ce_sequence !== undefined || record.headers.ce_type === 'RedriveRequested';
      demand(isTold || mayBeSilent, 'It was dropped without a word.');
      demand(await isBriefed(message.timeMs), 'The contact behind it was not briefed.');
    },
    async close() {
      engines.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function recordOf(outgoing: OutgoingRecord, { valueChanges, headerChanges, header }: RecordInput): LogRecord {
  const names = Object.keys(outgoing.headers);
  const name = names[header % names.length] ?? '';
  const value = Buffer.from(withChanges(Buffer.from(outgoing.value).toString('latin1'), valueChanges), 'latin1');
  const headers = { ...outgoing.headers, [name]: withChanges(outgoing.headers[name] ?? '', headerChanges) };
  return { ...outgoing, headers, value, partition: 0, offset: 0 };
}

function startedAt(contactId: string, timeMs: number): Message {
  return {
    topic: IDENTITY_INPUTS,
    key: 'default',
    id: deriveId('msg', 'ContactStarted', contactId),
    type: 'ContactStarted',
    source: 'chat-gateway',
    subject: contactId,
    timeMs,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    body: {
      contactId,
      channel: 'chat',
      startedMs: timeMs,
      connectionId: `con_${contactId}`,
      route: null,
      answerable: true,
      expectsWords: false,
      region: 'US',
      origin: 'origin',
      originDigits: null,
      evidence: [],
      turn: null,
      subjectLine: null,
    },
  };
}
