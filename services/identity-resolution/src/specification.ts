import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Draft } from '@throughline/kernel/envelope';
import { deriveId } from '@throughline/kernel/ids';
import type { Mac } from '@throughline/kernel/ports';
import type { Documents, Processor, Write } from '@throughline/kernel/processor';
import { codeProof, oneTimeCode } from '@throughline/language/one-time-code';
import type {
  CaseInputBodies,
  CaseNoticed,
  ContactStarted,
  Evidence,
  Identifier,
  IdentityEventBodies,
  IdentityInput,
  IdentityInputBodies,
  Turn,
} from '@throughline/schemas/generated/messages';
import { IDENTITY_INPUTS } from '@throughline/schemas/topics';
import type { Documented, Kind } from './documents.ts';
import type { Output } from './ledger.ts';
import { customerIdOf } from './matching.ts';
import { createIdentityProcessor } from './processor.ts';

/** The keyed hash of specifications: the real function under a known key. */
export const mac: Mac = (purpose, text) => createHmac('sha256', `key of ${purpose}`).update(text).digest('hex');

export const START_MS = Date.UTC(2026, 0, 5, 9);
export const MINUTE_MS = 60_000;

type OutputBodies = IdentityEventBodies & CaseInputBodies;

/**
 * Runs the processor over documents in memory, with the kernel's rules: only what `needs` named may be read, and content
 * is plain JSON. `given` what happened before, `when` something happens, and `said` is what followed from that.
 */
export class Specification {
  nowMs = START_MS;
  said: readonly Draft<Output>[] = [];
  readonly #processor: Processor<IdentityInput, Output> = createIdentityProcessor({ brandRegion: 'US', mac });
  readonly #stored = new Map<string, unknown>();

  given(...inputs: readonly Input[]): this {
    for (const input of inputs) this.when(input);
    this.said = [];
    return this;
  }

  when(input: Input): this {
    const message = {
      ...input,
      topic: IDENTITY_INPUTS,
      key: 'default',
      id: 'msg_1',
      source: 'test',
      subject: 's',
      traceparent: '',
      timeMs: this.nowMs,
    } as IdentityInput;
    const documents = this.#load(message);
    const record = {
      topic: IDENTITY_INPUTS,
      key: 'default',
      headers: {},
      value: new Uint8Array(),
      partition: 0,
      offset: 0,
    };
    const decision = this.#processor.decide(message, documents, { nowMs: this.nowMs, partition: 0, record, mac });
    for (const write of decision.writes ?? []) this.#write(write);
    this.said = decision.messages ?? [];
    return this;
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** Everything said of one type, in order. */
  all<T extends keyof OutputBodies>(type: T): readonly OutputBodies[T][] {
    return this.said.filter((draft) => draft.type === type).map((draft) => draft.body as OutputBodies[T]);
  }

  /** The only message of this type that followed; anything else is an error of the specification. */
  one<T extends keyof OutputBodies>(type: T): OutputBodies[T] {
    const [body, ...more] = this.all(type);
    if (!body || more.length > 0)
      throw new Error(`Expected one ${type} among ${this.types().join(', ') || 'nothing'}.`);
    return body;
  }

  types(): readonly string[] {
    return this.said.map((draft) => draft.type);
  }

  document<K extends Kind>(kind: K, id: string): Documented[K] | undefined {
    return this.#stored.get(`${kind}\n${id}`) as Documented[K] | undefined;
  }

  /** All documents with their kinds, for invariants. */
  documents(): readonly { readonly kind: string; readonly content: unknown }[] {
    return [...this.#stored].map(([key, content]) => ({ kind: key.split('\n')[0] ?? '', content }));
  }

  #load(message: IdentityInput): Documents {
    const loaded = new Map<string, unknown>();
    const documents: Documents = {
      get: <Content>(kind: string, id: string) => {
        const key = `${kind}\n${id}`;
        if (!loaded.has(key)) throw new Error(`Decided on a ${kind} that needs did not name.`);
        return loaded.get(key) as Content | undefined;
      },
      has: (kind, id) => loaded.has(`${kind}\n${id}`),
    };
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const missing = this.#processor.needs(message, documents).filter((ref) => !documents.has(ref.kind, ref.id));
      if (missing.length === 0) return documents;
      for (const { kind, id } of missing)
        loaded.set(`${kind}\n${id}`, structuredClone(this.#stored.get(`${kind}\n${id}`)));
    }
    throw new Error('Needs never comes to an end.');
  }

  #write(write: Write): void {
    const plain: unknown = JSON.parse(JSON.stringify(write.content));
    if (!isDeepStrictEqual(plain, write.content)) throw new Error(`A ${write.kind} is not plain JSON.`);
    const key = this.#processor.keyOf(write, write.content);
    if (PROTECTED.has(write.kind) !== (key !== undefined)) throw new Error(`A ${write.kind} is sealed wrongly.`);
    this.#stored.set(`${write.kind}\n${write.id}`, plain);
  }
}

const STEPS_MAX = 12;
const PROTECTED = new Set(['customer', 'contact', 'stepup']);

/** An input before it is addressed. */
export type Input = {
  [T in keyof IdentityInputBodies]: { readonly type: T; readonly body: IdentityInputBodies[T] };
}[keyof IdentityInputBodies];

// ---------------------------------------------------------------- what customers and channels do

export const email = (value: string): Identifier => ({ type: 'email', value });
export const phone = (value: string): Identifier => ({ type: 'phone', value });

export function imported(externalId: string, ...identifiers: readonly Identifier[]): Input {
  const customerId = customerIdOf(externalId);
  const body = {
    customerId,
    batchId: 'b',
    line: 1,
    externalId,
    name: externalId,
    identifiers,
    attributes: [],
    region: null,
  };
  return { type: 'CustomerSubmitted', body };
}

export function turn(text: string, inputId = deriveId('inp', text), codeProofs: readonly string[] = []): Turn {
  return { inputId, text, kind: 'said', atMs: START_MS, codeProofs, masked: [], attachments: [] };
}

export function started(contactId: string, changes: Partial<ContactStarted> = {}): Input {
  const body: ContactStarted = {
    contactId,
    channel: 'chat',
    startedMs: START_MS,
    connectionId: `con_${contactId}`,
    route: null,
    answerable: true,
    expectsWords: false,
    region: null,
    origin: `origin of ${contactId}`,
    originDigits: null,
    evidence: [],
    turn: null,
    subjectLine: null,
    ...changes,
  };
  return { type: 'ContactStarted', body };
}

const shown = (
  method: Evidence['method'],
  type: Identifier['type'],
  value: string,
  grade: Evidence['grade'],
): Evidence => ({
  method,
  grade,
  identifier: { type, value },
  seenMs: null,
});

/** A call. Its number is attested A unless `grade` says otherwise. */
export function called(
  contactId: string,
  number: string,
  grade: Evidence['grade'] = 'proven',
  changes: Partial<ContactStarted> = {},
): Input {
  const evidence = [shown('caller-id', 'phone', number, grade)];
  return started(contactId, {
    channel: 'voice',
    expectsWords: true,
    originDigits: number.slice(-2),
    evidence,
    ...changes,
  });
}

/** A chat on a device's session, perhaps with the host site's login. */
export function chatted(
  contactId: string,
  session: string,
  options: { grade?: Evidence['grade']; login?: string } = {},
): Input {
  const evidence = [shown('session', 'session', session, options.grade ?? 'proven')];
  if (options.login !== undefined) evidence.push(shown('host-token', 'account', options.login, 'proven'));
  return started(contactId, { evidence });
}

/** A mail. It passed DMARC unless `grade` says otherwise. */
export function mailed(
  contactId: string,
  from: string,
  text: string,
  options: { grade?: Evidence['grade']; caseId?: string; subject?: string; codes?: readonly string[] } = {},
): Input {
  const evidence = [shown('dmarc', 'email', from, options.grade ?? 'proven')];
  if (options.caseId !== undefined) evidence.push(shown('case-token', 'case', options.caseId, 'proven'));
  return started(contactId, {
    channel: 'email',
    connectionId: null,
    origin: `origin of ${from}`,
    evidence,
    turn: turn(
      text,
      `inp_${contactId}`,
      (options.codes ?? []).map((code) => codeProof(mac, contactId, code)),
    ),
    subjectLine: options.subject ?? null,
  });
}

export function offered(contactId: string, caseId: string, said: Turn | string): Input {
  return { type: 'TurnOffered', body: { contactId, caseId, turn: typeof said === 'string' ? turn(said) : said } };
}

/** The turn that says the right code of a step-up on this contact. */
export function rightCode(contactId: string, stepUpId: string): Turn {
  return turn('it is ******', `inp_code_${stepUpId}_${contactId}`, [
    codeProof(mac, contactId, oneTimeCode(mac, stepUpId)),
  ]);
}

/** A turn with that many wrong codes. */
export function wrongCode(contactId: string, name: string, count = 1): Turn {
  const proofs = Array.from({ length: count }, (_, index) => codeProof(mac, contactId, `wrong ${index}`));
  return turn('it is ******', `inp_wrong_${name}`, proofs);
}

export function noticed(caseId: string, customerId: string, changes: Partial<CaseNoticed> = {}): Input {
  const body = {
    caseId,
    customerId,
    version: 3,
    status: 'open',
    kind: null,
    references: [],
    continuedIn: null,
    atMs: START_MS,
  } as const;
  return { type: 'CaseNoticed', body: { ...body, ...changes } };
}

export const reference = (order: string): string => mac('reference', order);
