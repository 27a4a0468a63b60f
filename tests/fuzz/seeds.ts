import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Real things that inputs are made of by changing them. */
export interface Seeds {
  /** What people say or write. */
  readonly sayings: readonly string[];
  /** Bodies of mails, with quotes and signatures. */
  readonly bodies: readonly string[];
  /** Customers as an import has them. */
  readonly customers: readonly Readonly<Record<string, unknown>>[];
}

/** A few of each, for runs without a corpus. */
export const OWN_SEEDS: Seeds = {
  sayings: [
    'Where is my order 10-4477? It should have been here on Friday.',
    'Please refund order W2378156, the keyboard does not work.',
    'My number is 415 555 0132 and my address is ines dot okafor at post dot example.',
    'The card was 4111 1111 1111 1111, expiry 04/29, code 123.',
    'The code is 482 913. Is anybody there?',
    'Straße 5, 80331 München – ¿cuánto cuesta? 合計はいくらですか',
    'yes',
  ],
  bodies: [
    'Hello,\n\nplease refund order 10-4477.\n\nInes\n\n> On Monday, support wrote:\n> What is it about?\n> > Hello\n',
    'It still does not work.\n\n-- \nInes Okafor\n+1 415 555 0132\n\nSent from my phone',
    'Am 23.11.2026 um 12:00 schrieb support@help.example:\n> Wie können wir helfen?\nGar nicht.',
  ],
  customers: [
    {
      externalId: 'M-77',
      name: 'Marta Lund',
      identifiers: [
        { type: 'phone', value: '+14155550132' },
        { type: 'email', value: 'marta@post.example' },
      ],
      attributes: { dateOfBirth: '1984-02-29', postalCode: '94107' },
      region: 'US',
    },
  ],
};

const TEXT_CHARS_MAX = 20_000;
const SAYINGS_MAX = 2_000;

const tasksSchema = z.array(z.object({ user_scenario: z.object({ instructions: z.record(z.string(), z.unknown()) }) }));

/** What the corpora of a folder have of each, beside our own few. Throws where the folder has not the form of its README. */
export function readCorpora(folder: string): Seeds {
  const mails = join(folder, 'email-replies');
  const bodies = readdirSync(mails)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(mails, name), 'utf8').slice(0, TEXT_CHARS_MAX));
  const tasks = tasksSchema.parse(JSON.parse(readFileSync(join(folder, 'support-tasks', 'retail-tasks.json'), 'utf8')));
  const sayings = tasks.flatMap(({ user_scenario: { instructions } }) =>
    Object.values(instructions).filter((text) => typeof text === 'string' && text !== ''),
  );
  const [, ...people] = readFileSync(join(folder, 'people', 'fake_1000.csv'), 'utf8').split(/\r?\n/);
  return {
    sayings: [...OWN_SEEDS.sayings, ...(sayings as string[]).slice(0, SAYINGS_MAX)],
    bodies: [...OWN_SEEDS.bodies, ...bodies],
    customers: [...OWN_SEEDS.customers, ...people.filter((line) => line !== '').map(customerOf)],
  };
}

/** Columns: unique_id, first_name, surname, dob, city, email, cluster. */
function customerOf(line: string): Readonly<Record<string, unknown>> {
  const [id = '', first = '', last = '', dateOfBirth = '', city = '', email = ''] = line.split(',');
  const identifiers = email === '' ? [] : [{ type: 'email', value: email }];
  return { externalId: `P-${id}`, name: `${first} ${last}`.trim(), identifiers, attributes: { dateOfBirth, city } };
}
