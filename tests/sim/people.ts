import { customerIdOf } from '@throughline/identity-resolution/matching';
import type { Canaries } from './canaries.ts';
import type { World } from './world.ts';

/** Somebody of a history. */
export interface Person {
  /** Counts from 1. */
  readonly number: number;
  readonly externalId: string;
  readonly customerId: string;
  /** On file, where the person is. */
  readonly phone: string;
  readonly email: string;
  /** A number and an address that are on nobody's file. */
  readonly otherPhone: string;
  readonly otherEmail: string;
  /** What they have bought. */
  readonly orders: readonly string[];
  /** Whether the shop has imported them. */
  readonly isOnFile: boolean;
  /** The number is on file for two. */
  readonly isPhoneShared: boolean;
}

/** How many there are, each as often as it stands here: short histories, and many of them, find more than long ones. */
const PEOPLE = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3];
const ORDERS_MAX = 2;
const ON_FILE_SHARE = 0.8;
const SHARED_PHONE_SHARE = 0.25;

/** Who there is in a history, drawn from its seed. Numbers and addresses are nobody's. */
export function drawPeople(world: World): readonly Person[] {
  const people = Array.from(
    { length: world.most('customers', PEOPLE[world.below(PEOPLE.length)] ?? 1) },
    (_, index): Person => {
      const number = index + 1;
      const externalId = `person-${number}`;
      return {
        number,
        externalId,
        customerId: customerIdOf(externalId),
        phone: `+1415555267${number}`,
        email: `person.${LETTERS[index]}@post.example`,
        otherPhone: `+1415555268${number}`,
        orders: Array.from(
          { length: 1 + world.below(ORDERS_MAX) },
          (_each, order) => `W${FIRST_ORDER + number * 10 + order}`,
        ),
        otherEmail: `other.${LETTERS[index]}@post.example`,
        isOnFile: world.chance() < ON_FILE_SHARE,
        isPhoneShared: false,
      };
    },
  );
  const [one, other, ...others] = people;
  const isShared = one?.isOnFile && other?.isOnFile && world.chance() < SHARED_PHONE_SHARE;
  if (!one || !other || !isShared) return people;
  return [{ ...one, isPhoneShared: true }, { ...other, phone: one.phone, isPhoneShared: true }, ...others];
}

const LETTERS = 'abc';
const FIRST_ORDER = 2_378_100;

/** The lines of an import of those who are on file. */
export function importOf(people: readonly Person[]): string {
  return people
    .filter(({ isOnFile }) => isOnFile)
    .map(({ externalId, phone, email }) =>
      JSON.stringify({
        externalId,
        name: externalId,
        identifiers: [
          { type: 'phone', value: phone },
          { type: 'email', value: email },
        ],
      }),
    )
    .join('\n');
}

/** What the shop knows of an order and says to whoever has earned it. */
export interface Order {
  readonly person: Person;
  readonly number: string;
  readonly item: string;
  readonly total: string;
}

export function ordersOf(people: readonly Person[], canaries: Canaries): readonly Order[] {
  return people.flatMap((person) =>
    person.orders.map((number) => {
      const secret = (sensitivity: 'personal' | 'financial'): string =>
        canaries.mint({ person: person.number, contactId: null, sensitivity });
      return { person, number, item: `lamp ${secret('personal')}`, total: `12 dollars ${secret('financial')}` };
    }),
  );
}
