import { type AuditedTopic, verify } from '@throughline/audit/verify';
import { createReader } from '@throughline/kernel/reader';
import { CASE_EVENTS, IDENTITY_EVENTS, parkedTopic } from '@throughline/schemas/topics';
import { checkAnswered } from './answered.ts';
import { isForeign } from './foreigner.ts';
import { SIM_TOPICS, simPartitionsOf } from './foundations.ts';
import type { SimMesh } from './mesh.ts';
import type { Model } from './model.ts';

/** What holds only once everything has come to rest; what holds after every record is with the `Witness`. */
export async function checkAtTheEnd(mesh: SimMesh, model: Model): Promise<void> {
  mesh.witness.atTheEnd();
  checkNothingParked(mesh, model);
  checkOneDeed(mesh, model);
  checkSealedAtRest(mesh, model);
  await checkAnswered(mesh, model);
  if (mesh.isAudited) await checkOnTheRecord(mesh, model);
}

/** Law 10: faults of the machinery park nothing. */
function checkNothingParked({ log }: SimMesh, model: Model): void {
  const parkedTopics = new Set(SIM_TOPICS.map(({ name }) => parkedTopic(name)));
  for (const { name, partitions } of SIM_TOPICS.filter((topic) => parkedTopics.has(topic.name))) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const parked = log.records(name, partition).filter(({ headers }) => !isForeign(headers));
      const why = parked[0]?.headers.parked_reason;
      model.demand(parked.length === 0, `Law 10: ${parked.length} records are parked on ${name}: ${why}`);
    }
  }
}

/** Law 5: no document lies in the store in the clear. */
function checkSealedAtRest({ store }: SimMesh, model: Model): void {
  for (const { kind, body } of store.documents()) {
    const clear = model.canaries.in(Buffer.from(body ?? []).toString('latin1'));
    model.demand(clear.length === 0, `Law 5: a document of kind ${kind} lies in the store in the clear.`);
  }
}

/** Law 3: one refund of an order, however often and wherever it was asked for. */
function checkOneDeed({ backend }: SimMesh, model: Model): void {
  const orders = backend.deeds.map(({ order }) => order);
  const twice = orders.find((order, index) => orders.indexOf(order) !== index);
  model.demand(twice === undefined, `Law 3: ${twice} was refunded twice.`);
}

/** Law 9: the chains hold, and every event is on one. */
async function checkOnTheRecord({ plain }: SimMesh, model: Model): Promise<void> {
  const topics = [CASE_EVENTS, IDENTITY_EVENTS].map((topic): AuditedTopic => {
    const reader = createReader({ ...plain, processor: `audit-${topic.split('.')[0]}` });
    return { topic, partitions: simPartitionsOf(topic), reader };
  });
  const { findings, pending } = await verify({ ...plain, topics, mac: plain.keyring.mac });
  model.demand(findings.length === 0, `Law 9: ${findings[0]?.problem}.`);
  model.demand(pending === 0, `Law 9: ${pending} events are on no chain.`);
}
