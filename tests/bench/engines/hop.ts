import type { Codec, Message } from '@throughline/kernel/envelope';
import { hostProcessor } from '@throughline/kernel/host';
import type { Closable, Keyring, Log, OutgoingRecord, Reporter, Store } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import { goOn } from '@throughline/kernel/steps';
import { realClock } from '@throughline/platform/world';
import { attributesOf, headersOf } from '@throughline/schemas/headers';

/** Bytes of a record's value, in and out, and how many keys they go over: what a Kafka Streams user would compare. */
const VALUE_BYTES = 400;
const KEYS = 10_000;
export const PARTITIONS = 4;

export interface HopTopics {
  readonly in: string;
  readonly out: string;
}

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The attributes as every message has them; the value is handed on as it is. */
const bytesCodec: Codec = {
  keyIdsToEncode: () => [],
  prepare: async () => undefined,
  encode: ({ topic, key, body, ...attributes }) => ({
    topic,
    key,
    headers: headersOf(attributes),
    // Only `counting` and `inputs` make messages here.
    value: body as Uint8Array,
  }),
  decode: ({ topic, key, headers, value }): Message => ({ ...attributesOf(headers), topic, key, body: value }),
};

/** Counts the records of each key and hands each record on. */
const counting = (topics: HopTopics): Processor => ({
  name: 'bench',
  topic: topics.in,
  needs: (input) => [{ kind: 'count', id: input.key }],
  keyOf: () => undefined,
  decide(input, documents) {
    const { count = 0 } = documents.get<{ count: number }>('count', input.key) ?? {};
    return {
      writes: [{ kind: 'count', id: input.key, content: { count: count + 1 } }],
      messages: [{ topic: topics.out, key: input.key, type: 'Counted', subject: input.key, body: input.body }],
    };
  },
});

/** The hop holds nothing that is anybody's. */
const nothingSealed: Keyring = {
  ensure: async () => undefined,
  fetch: async () => undefined,
  seal: (_keyId, plain) => plain,
  open: (sealed) => sealed,
  keyIdOf: () => '',
  destroy: async () => undefined,
  mac: () => '',
};

/** Runs the hop as every service runs its processors, until it is closed; resolves once it has joined. */
export const runHop = (options: { log: Log; store: Store; topics: HopTopics; reporter: Reporter }): Promise<Closable> =>
  hostProcessor({
    log: options.log,
    store: options.store,
    codec: bytesCodec,
    keyring: nothingSealed,
    reporter: options.reporter,
    reach: goOn,
    clock: realClock,
    processor: counting(options.topics),
  });

/** The inputs of a hop from number `from` on; the time that each is made at stands in its first eight bytes. */
export function inputs(topic: string, from: number, count: number, keys = KEYS): readonly OutgoingRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const value = Buffer.alloc(VALUE_BYTES, 'x');
    value.writeDoubleBE(performance.now(), 0);
    const key = `case_${(from + index) % keys}`;
    const id = `m${from + index}`;
    const timeMs = realClock.nowMs();
    const headers = headersOf({ id, type: 'Counting', source: 'bench', subject: key, timeMs, traceparent: TRACE });
    return { topic, key, headers, value };
  });
}

/** Milliseconds since the input was made that this value comes from, in this process. */
export const ageMs = (value: Uint8Array): number =>
  performance.now() - Buffer.from(value.buffer, value.byteOffset, value.byteLength).readDoubleBE(0);
