import type { Draft } from '@throughline/kernel/envelope';
import type { Mac } from '@throughline/kernel/ports';
import type { DecideContext, Decision, Documents, Write } from '@throughline/kernel/processor';
import type {
  CaseInput,
  CaseInputBodies,
  IdentityEvent,
  IdentityEventBodies,
} from '@throughline/schemas/generated/messages';
import { CASE_INPUTS, IDENTITY_EVENTS } from '@throughline/schemas/topics';
import type { Documented, Kind } from './documents.ts';

/** The identity shard: one brand for now. */
export const SHARD = 'default';

export type Output = IdentityEvent | CaseInput;

/**
 * What one decision has read, written and said so far. It lives as long as the decision, so the decision stays pure;
 * what was written is read back, so that the steps of one decision see each other.
 */
export class Ledger {
  readonly nowMs: number;
  readonly mac: Mac;
  readonly #documents: Documents;
  readonly #written = new Map<string, Write>();
  readonly #messages: Draft<Output>[] = [];

  constructor(documents: Documents, context: Pick<DecideContext, 'nowMs' | 'mac'>) {
    this.#documents = documents;
    this.nowMs = context.nowMs;
    this.mac = context.mac;
  }

  /** As this decision has left it so far. Throws where the processor's needs did not name it. */
  readonly look = <K extends Kind>(kind: K, id: string): Documented[K] | undefined => {
    const written = this.#written.get(`${kind}\n${id}`);
    return written ? (written.content as Documented[K]) : this.#documents.get<Documented[K]>(kind, id);
  };

  write<K extends Kind>(kind: K, id: string, content: Documented[K]): void {
    this.#written.set(`${kind}\n${id}`, { kind, id, content });
  }

  /** Says what is now true. `subject` is the contact or the customer. */
  event<T extends keyof IdentityEventBodies>(type: T, subject: string, body: IdentityEventBodies[T]): void {
    this.#messages.push({ topic: IDENTITY_EVENTS, key: SHARD, type, subject, body } as Draft<IdentityEvent>);
  }

  /** Tells a case. */
  tell<T extends keyof CaseInputBodies>(type: T, body: CaseInputBodies[T] & { readonly caseId: string }): void {
    this.#messages.push({ topic: CASE_INPUTS, key: body.caseId, type, subject: body.caseId, body } as Draft<CaseInput>);
  }

  decision(): Decision<Output> {
    return { writes: [...this.#written.values()], messages: this.#messages };
  }
}
