import fc from 'fast-check';
import twilio from 'twilio';
import { type DoorKind, demand } from '../door.ts';
import { anyText, mutated } from '../grammar/mutations.ts';
import { AUTH_TOKEN, demandAnswer, openStagedMesh } from '../staged-mesh.ts';

interface WebhookInput {
  readonly path: string;
  readonly fields: readonly (readonly [string, string])[];
  /** `changed`: a field is changed behind the signature. `form`: the text itself, with no form about it. */
  readonly how: 'signed' | 'changed' | 'unsigned';
  readonly text: string | null;
}

const FIELDS: readonly (readonly [string, string])[] = [
  ['CallSid', 'CA1234567890abcdef1234567890abcdef'],
  ['AccountSid', 'AC00000000000000000000000000000000'],
  ['From', '+14155550132'],
  ['To', '+14155550100'],
  ['CallStatus', 'ringing'],
  ['Direction', 'inbound'],
  ['StirVerstat', 'TN-Validation-Passed-A'],
];

/** The carrier's forms, signed by whoever knows the account's token, over the real socket of a whole mesh. */
export const webhooksDoor: DoorKind<WebhookInput> = {
  name: 'webhooks',
  about: "the carrier's forms: answered with TwiML, refused where they are none or not signed, and nothing is parked",
  inputsPerOpening: 1_000,
  inputs: () => {
    const field = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...FIELDS) },
      {
        weight: 3,
        arbitrary: fc
          .constantFrom(...FIELDS)
          .chain(([name, value]) => fc.tuple(fc.constant(name), mutated(fc.constant(value)))),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(
          fc.constantFrom('SessionStatus', 'HandoffData', 'CallStatus'),
          fc.oneof(fc.constantFrom('ended', 'failed', 'completed', '{"reason":"unavailable"}'), anyText),
        ),
      },
      { weight: 1, arbitrary: fc.tuple(anyText, anyText) },
    );
    return fc.record({
      path: fc.constantFrom(
        '/voice/incoming',
        '/voice/incoming?again=3',
        '/voice/incoming?again=-1&again=x',
        '/voice/status',
      ),
      fields: fc.oneof(
        fc.array(field, { maxLength: 8 }),
        fc.array(field, { maxLength: 3 }).map((more) => [...FIELDS, ...more]),
      ),
      how: fc.constantFrom('signed', 'signed', 'signed', 'changed', 'unsigned'),
      text: fc.oneof(
        { weight: 9, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: mutated(fc.constant('CallSid=CA1&From=%2B14155550132&=&&%%%')) },
      ),
    });
  },
  async open() {
    const mesh = await openStagedMesh();
    const { url } = mesh.stage.mesh;
    let calls = 0;

    async function post(input: WebhookInput): Promise<Response> {
      const form = new URLSearchParams(input.fields.map(([name, value]): [string, string] => [name, value]));
      const signed: Record<string, string | string[]> = {};
      for (const name of new Set(form.keys())) {
        const values = form.getAll(name);
        signed[name] = values.length === 1 ? (values[0] ?? '') : values;
      }
      const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${url}${input.path}`, signed);
      if (input.how === 'changed') form.append('From', '+14155550199');
      return fetch(`${url}${input.path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(input.how === 'unsigned' ? {} : { 'x-twilio-signature': signature }),
        },
        body: input.text ?? form.toString(),
      });
    }

    return {
      async feed(input) {
        const response = await post(input);
        const { status } = response;
        await demandAnswer(response, (body) => status === 204 || /^<\?xml .*<Response>.*<\/Response>$/s.test(body));
        demand(input.how === 'signed' || status >= 400, `What nobody signed is answered with ${status}.`);
        calls += 1;
        const good = FIELDS.map(([name, value]) => [name, name === 'CallSid' ? `CA${calls}` : value] as const);
        const answer = await post({ path: '/voice/incoming', fields: good, how: 'signed', text: null });
        demand((await answer.text()).includes('<ConversationRelay'), `A good call is answered with ${answer.status}.`);
      },
      close: () => mesh.close(),
    };
  },
};
