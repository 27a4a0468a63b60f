import { verify } from '@throughline/audit/verify';
import { checkAnswered } from './answered.ts';
import { auditedTopics, type SimMesh } from './mesh.ts';
import type { Model } from './model.ts';

/** What holds only once everything has come to rest; what holds after every record is with the `Witness`. */
export async function checkAtTheEnd(mesh: SimMesh, model: Model): Promise<void> {
  mesh.witness.atTheEnd();
  model.atTheEnd();
  checkOneDeed(mesh, model);
  checkSealedAtRest(mesh, model);
  await checkAnswered(mesh, model);
  if (mesh.isAudited) await checkOnTheRecord(mesh, model);
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
  model.demand(!backend.wasAskedWithoutKey, 'Law 3: the backend was asked to do something without an idempotency key.');
}

/** Law 9: the chains hold, and every event is on one. */
async function checkOnTheRecord({ plain }: SimMesh, model: Model): Promise<void> {
  const { findings, pending } = await verify({ ...plain, topics: auditedTopics(plain), mac: plain.keyring.mac });
  model.demand(findings.length === 0, `Law 9: ${findings[0]?.problem}.`);
  model.demand(pending === 0, `Law 9: ${pending} events are on no chain.`);
}
