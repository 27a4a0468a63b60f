import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS, parkedTopic, partitionsOf, TOPICS } from '@throughline/schemas/topics';
import { canaryOf, type Told } from './customer.ts';
import type { SimMesh } from './mesh.ts';

/** A law that does not hold, in a sentence. */
export class Violation extends Error {}

function demand(holds: boolean, sentence: string): void {
  if (!holds) throw new Violation(sentence);
}

/** Holds what the mesh has on its log to what customers did and were told. */
export async function checkLaws(mesh: SimMesh, people: readonly Told[]): Promise<void> {
  const entries = await entriesInOrder(mesh);
  checkOnceAndInOrder(entries, people);
  checkOwnWordsOnly(mesh, people);
  checkNothingParked(mesh);
}

/** Laws 2 and 3: numbers 1, 2, 3, … in each case; a number that comes again says the same. */
async function entriesInOrder(mesh: SimMesh): Promise<readonly CaseEvent[]> {
  const entries: CaseEvent[] = [];
  const cases = new Map<string, string[]>();
  for (let partition = 0; partition < partitionsOf(CASE_EVENTS); partition += 1) {
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
    const inOrder = there.filter((inputId) => acknowledged.includes(inputId)).join();
    demand(inOrder === acknowledged.join(), `Law 2: the turns of ${contactId} are not in the order of the contact.`);
  }
}

/** Law 5: nobody hears what another customer said, and no word lies on the log in the clear. */
function checkOwnWordsOnly(mesh: SimMesh, people: readonly Told[]): void {
  const customers = [...new Set(people.map(({ customer }) => customer))];
  for (const { contactId, customer, heard } of people) {
    const others = customers.filter((other) => other !== customer).map(canaryOf);
    const leaked = others.find((canary) => heard.some((text) => text.includes(canary)));
    demand(leaked === undefined, `Law 5: ${contactId} has heard ${leaked}.`);
  }
  for (const { name, partitions } of TOPICS) {
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const { value, offset } of mesh.log.records(name, partition)) {
        const inTheClear = customers.find((customer) => Buffer.from(value).includes(canaryOf(customer)));
        demand(inTheClear === undefined, `Law 5: record ${offset} of ${name}/${partition} has words in the clear.`);
      }
    }
  }
}

/** Law 10: faults of the machinery park nothing. */
function checkNothingParked(mesh: SimMesh): void {
  for (const { name, partitions } of TOPICS.filter((topic) =>
    TOPICS.some((each) => parkedTopic(each.name) === topic.name),
  )) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const parked = mesh.log.records(name, partition).length;
      demand(parked === 0, `Law 10: ${parked} records are parked on ${name}.`);
    }
  }
}
