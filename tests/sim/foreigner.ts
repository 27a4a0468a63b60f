import { createEdge } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import { CASE_INPUTS, IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import type { Foundations } from './foundations.ts';
import type { Model } from './model.ts';

const IDENTITY_SHARD = 'default';
const ID = 'foreign';

/** Whether this is what a foreign producer wrote, or a copy of it. */
export const isForeign = (headers: Readonly<Record<string, string>>): boolean => headers.ce_id === ID;

/** A producer that is none of ours and writes what nobody can read among the inputs of one subject. */
export class Foreigner {
  readonly #foundations: Foundations;
  readonly #model: Model;
  #struck: { readonly topic: string; readonly key: string; readonly subject: string } | undefined;

  #cancel: () => void = () => undefined;

  constructor(foundations: Foundations, model: Model) {
    this.#foundations = foundations;
    this.#model = model;
  }

  /** The case or contact that is held from now on; undefined before. */
  get subject(): string | undefined {
    return this.#struck?.subject;
  }

  comes(afterMs: number, { cases }: { readonly cases: () => readonly string[] }): void {
    this.#cancel = this.#foundations.world.clock.after(afterMs, () => void this.#strike(cases));
  }

  comesNoMore(): void {
    this.#cancel();
  }

  /** Writes among the inputs of a case, or of a contact before it has one. */
  async #strike(cases: () => readonly string[]): Promise<void> {
    const { world, plain } = this.#foundations;
    const isOfCase = world.chance() < 0.7;
    const subjects = isOfCase ? cases() : [...this.#model.contacts.keys()];
    const subject = subjects[world.below(subjects.length)];
    if (subject === undefined) return;
    const topic = isOfCase ? CASE_INPUTS : IDENTITY_INPUTS;
    const key = isOfCase ? subject : IDENTITY_SHARD;
    this.#struck = { topic, key, subject };
    this.#model.isSomebodyHeld = true;
    const headers = { ce_specversion: '1.0', ce_id: ID, ce_type: 'CustomerSaid', ce_source: ID, ce_subject: subject };
    await plain.log.append([{ topic, key, headers, value: plain.random(40) }]);
  }

  /** Somebody has looked: the record is set aside, and what waits behind it is taken. */
  async setAside(): Promise<void> {
    if (this.#struck === undefined) return;
    const { plain } = this.#foundations;
    const { topic, key, subject } = this.#struck;
    const type = 'RedriveRequested';
    const id = deriveId('msg', type, subject);
    const traceparent = newTraceparent(plain.random);
    const body = { subject, by: 'operator', skipFirst: true };
    const draft = { topic, key, type, subject, id, timeMs: plain.clock.nowMs(), traceparent, body };
    await createEdge({ ...plain, source: 'operators' }).send([draft]);
  }
}
