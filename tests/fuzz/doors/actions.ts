import { bindAction, parseActions } from '@throughline/agent/actions';
import fc from 'fast-check';
import { type DoorKind, demand } from '../door.ts';
import { mutatedJson } from '../grammar/json.ts';
import { anyText, mutated } from '../grammar/mutations.ts';

const URLS = [
  'http://127.0.0.1:9000/customers/{customer}/orders/{orderId}',
  'https://shop.example/refunds/{orderId}?via=chat',
  'http://[::1]:80/{customer}',
];

const parameters = fc.dictionary(
  fc.oneof(fc.constantFrom('orderId', 'customer', '__proto__'), anyText),
  fc.oneof(
    fc.constant({ type: 'string', fact: 'order_number' }),
    fc.constant({ from: 'customer.externalId' }),
    fc.constant({ type: 'integer', fact: 'amount' }),
    fc.record({ type: fc.constantFrom('string', 'number', 'boolean', 'date'), fact: anyText }),
  ),
  { maxKeys: 4, noNullPrototype: true },
);

const action = fc.record({
  name: fc.oneof(fc.constantFrom('order_status', 'refund_status', 'request_refund'), anyText),
  description: anyText,
  method: fc.constantFrom('GET', 'post', 'PUT', 'HEAD'),
  url: fc.oneof(fc.constantFrom(...URLS), mutated(fc.constantFrom(...URLS))),
  params: parameters,
  assurance: fc.oneof(fc.integer({ min: -1, max: 4 }), fc.double()),
  effect: fc.constantFrom('read', 'write', 'both'),
});

interface ActionsInput {
  /** The file's text. */
  readonly text: string;
  readonly externalId: string | null;
  readonly value: string;
}

/** The file that `THROUGHLINE_ACTIONS` names. What is taken must bind whatever a customer says to one host and one path. */
export const actionsDoor: DoorKind<ActionsInput> = {
  name: 'actions',
  about:
    'actions files: taken, or refused in one sentence that says what to change; what is taken binds any value safely',
  inputsPerOpening: 2_000,
  inputs: () =>
    fc.record({
      text: mutatedJson(fc.record({ actions: fc.array(action, { maxLength: 3 }) })),
      externalId: fc.option(anyText),
      value: anyText,
    }),
  async open() {
    return {
      async feed({ text, externalId, value }) {
        const content = jsonOf(text);
        const parsed = parseActions(content);
        if (!parsed.ok) {
          demand(/^(?:The|Action number) .+\.$/s.test(parsed.error), `The refusal says nothing: ${parsed.error}`);
          return;
        }
        for (const spec of parsed.actions) {
          const names = Object.keys(spec.params);
          const binding = bindAction(spec, {
            externalId,
            parameters: Object.fromEntries(names.map((name) => [name, value])),
          });
          if (!binding.ok) {
            demand(binding.missing.length > 0, 'A binding is refused and names no parameter.');
            continue;
          }
          const [bound, plain] = [new URL(binding.bound.url), new URL(spec.url.replace(/\{[^{}]*\}/g, 'x'))];
          demand(bound.host === plain.host && bound.protocol === plain.protocol, 'A value changed the host.');
          const depth = (url: URL): number => url.pathname.split('/').length;
          demand(depth(bound) === depth(plain), `A value changed the path: ${bound.pathname} of ${plain.pathname}`);
        }
      },
      async close() {},
    };
  },
};

/** What is no JSON is refused before it gets here. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
