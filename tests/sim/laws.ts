import { type AuditedTopic, verify } from '@throughline/audit/verify';
import { createReader } from '@throughline/kernel/reader';
import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, IDENTITY_EVENTS, parkedTopic } from '@throughline/schemas/topics';
import type { Canaries } from './canaries.ts';
import type { Told } from './customer.ts';
import { SIM_TOPICS, type SimMesh, simPartitionsOf } from './mesh.ts';

/** A law that does not hold, in a sentence. */
export class Violation extends Error {}

function demand(holds: boolean, sentence: string): void {
  if (!holds) throw new Violation(sentence);
}

/** Holds what the mesh has on its log to what customers did and were told. */
export async function checkLaws(mesh: SimMesh, canaries: Canaries, people: readonly Told[]): Promise<void> {
  const entries = await entriesInOrder(mesh);
  checkOnceAndInOrder(entries, people);
  checkOwnWordsOnly(mesh, canaries, people);
  checkNothingParked(mesh);
  checkOneDeed(mesh);
  if (mesh.isAudited) await checkOnTheRecord(mesh);
}

/** Laws 2 and 3: numbers 1, 2, 3, … in each case; a number that comes again says the same. */
async function entriesInOrder(mesh: SimMesh): Promise<readonly CaseEvent[]> {
  const entries: CaseEvent[] = [];
  const cases = new Map<string, string[]>();
  for (let partition = 0; partition < simPartitionsOf(CASE_EVENTS); partition += 1) {
    const records = mesh.log.records(CASE_EVENTS, partition);
    await mesh.codec.prepare(records);
    for (const record of records) {
      const event = mesh.codec.decode(record) as CaseEvent;
      const { caseId, number } = event.body;
      if (number === 0) continue;
      const ids = cases.get(caseId) ?? [];
      cases.set(caseId, ids);
      demand(number <= ids.length + 1, `Law 2: ${caseId} has entry ${number} after entry ${ids.length}.`);
      if (number <= ids.length) {
        demand(ids[number - 1] === event.id, `Law 3: entry ${number} of ${caseId} says two things.`);
        continue;
      }
      ids.push(event.id);
      entries.push(event);
    }
  }
  return entries;
}

/** The turns of a contact in each case that it was in, as they stand there. */
function turnsByCase(entries: readonly CaseEvent[], contactId: string): readonly (readonly string[])[] {
  const cases = new Map<string, string[]>();
  for (const { type, body } of entries) {
    if (type !== 'InteractionAdded' || body.contactId !== contactId) continue;
    cases.set(body.caseId, [...(cases.get(body.caseId) ?? []), body.turn.inputId]);
  }
  return [...cases.values()];
}

/** Laws 1 and 2: what was acknowledged is there once, in the order in which it was said. */
function checkOnceAndInOrder(entries: readonly CaseEvent[], people: readonly Told[]): void {
  for (const { contactId, acknowledged } of people) {
    const there = entries.flatMap((event) =>
      event.type === 'InteractionAdded' && event.body.contactId === contactId ? [event.body.turn.inputId] : [],
    );
    for (const inputId of acknowledged) {
      const times = there.filter((other) => other === inputId).length;
      demand(times === 1, `Law 1: what was acknowledged as ${inputId} of ${contactId} is there ${times} times.`);
    }
    for (const said of turnsByCase(entries, contactId)) {
      const there = said.filter((inputId) => acknowledged.includes(inputId));
      const inOrder = acknowledged.filter((inputId) => there.includes(inputId));
      demand(there.join() === inOrder.join(), `Law 2: the turns of ${contactId} are not in the order of the contact.`);
    }
  }
}

/** Law 5: nobody hears what another customer said, and no word lies on the log in the clear. */
function checkOwnWordsOnly(mesh: SimMesh, canaries: Canaries, people: readonly Told[]): void {
  for (const { contactId, person, heard } of people) {
    const leaked = heard.flatMap((text) => canaries.in(text)).find((canary) => canary.person !== person.number);
    demand(leaked === undefined, `Law 5: ${contactId} has heard words of person ${leaked?.person}.`);
  }
  for (const { name, partitions } of SIM_TOPICS) {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const { value, offset } of mesh.log.records(name, partition)) {
        const inTheClear = canaries.in(Buffer.from(value).toString('latin1'));
        demand(inTheClear.length === 0, `Law 5: record ${offset} of ${name}/${partition} has words in the clear.`);
      }
    }
  }
}

/** Law 3: one refund of an order, however often and wherever it was asked for. */
function checkOneDeed({ backend }: SimMesh): void {
  const orders = backend.deeds.map(({ order }) => order);
  const twice = orders.find((order, index) => orders.indexOf(order) !== index);
  demand(twice === undefined, `Law 3: ${twice} was refunded twice.`);
}

/** Law 9: the chains hold, and every event is on one. */
async function checkOnTheRecord(mesh: SimMesh): Promise<void> {
  const topics = [CASE_EVENTS, IDENTITY_EVENTS].map((topic): AuditedTopic => {
    const reader = createReader({ ...mesh, processor: `audit-${topic.split('.')[0]}` });
    return { topic, partitions: simPartitionsOf(topic), reader };
  });
  const { findings, pending } = await verify({ ...mesh, topics, mac: mesh.keyring.mac });
  demand(findings.length === 0, `Law 9: ${findings[0]?.problem}.`);
  demand(pending === 0, `Law 9: ${pending} events are on no chain.`);
}

/** Law 10: faults of the machinery park nothing. */
function checkNothingParked(mesh: SimMesh): void {
  for (const { name, partitions } of SIM_TOPICS.filter((topic) =>
    SIM_TOPICS.some((each) => parkedTopic(each.name) === topic.name),
  )) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const parked = mesh.log.records(name, partition).length;
      demand(parked === 0, `Law 10: ${parked} records are parked on ${name}.`);
    }
  }
}
