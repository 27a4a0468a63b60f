import { z } from 'zod';

/** The customer's id in the user's own system, the only thing that a parameter may be bound from on the server side. */
export const BOUND_FROM = 'customer.externalId';

/** One parameter: filled from a fact of the case, or bound to who the customer is. Exactly one of the two. */
export interface ActionParameter {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  /** Name of the fact that fills it. */
  readonly fact?: string;
  readonly from?: typeof BOUND_FROM;
}

/** One action of the actions file. */
export interface ActionSpec {
  readonly name: string;
  readonly description: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameter}` in its path. */
  readonly url: string;
  readonly params: Readonly<Record<string, ActionParameter>>;
  /** The assurance that a contact needs for it, 0 to 3. */
  readonly assurance: number;
  readonly effect: 'read' | 'write';
}

/** What an HTTP call needs: `body` is JSON text, undefined where nothing is sent. */
export interface BoundAction {
  readonly method: ActionSpec['method'];
  readonly url: string;
  readonly body: string | undefined;
}

export type Binding =
  | { readonly ok: true; readonly bound: BoundAction }
  /** Names of parameters that have no value, or one that cannot stand where it belongs. */
  | { readonly ok: false; readonly missing: readonly string[] };

export type ParsedActions =
  | { readonly ok: true; readonly actions: readonly ActionSpec[] }
  /** `error` is one sentence that says what to change. */
  | { readonly ok: false; readonly error: string };

/** Reads the content of an actions file. The form is fixed by the interfaces page, "Actions file". */
export function parseActions(content: unknown): ParsedActions {
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) return { ok: false, error: sentenceOf(parsed.error, content) };
  const actions: ActionSpec[] = [];
  for (const action of parsed.data.actions) {
    if (actions.some((other) => other.name === action.name)) {
      return { ok: false, error: `The action "${action.name}" is there twice; give each action a name of its own.` };
    }
    const error = faultOf(action);
    if (error) return { ok: false, error };
    actions.push(action);
  }
  return { ok: true, actions };
}

/**
 * Fills an action's parameters. What identifies the customer comes from `externalId` alone, whatever `parameters` says.
 * A value never changes the path: it is one encoded segment or part of one, and what a URL would read as "up" is refused.
 * @param values.parameters values by parameter name, as the agent proposed them from facts
 */
export function bindAction(
  spec: ActionSpec,
  values: { readonly externalId: string | null; readonly parameters: Readonly<Record<string, string>> },
): Binding {
  const filled = new Map<string, string | number | boolean>();
  const missing: string[] = [];
  for (const [name, parameter] of Object.entries(spec.params)) {
    const raw = parameter.from ? (values.externalId ?? '') : ownValue(values.parameters, name);
    const value = typed(raw.trim(), parameter.type);
    if (value === undefined) missing.push(name);
    else filled.set(name, value);
  }
  if (missing.length > 0) return { ok: false, missing };

  const { origin, path, query } = partsOf(spec.url);
  const inPath = new Set(placeholdersOf(path));
  const boundPath = path.replace(PLACEHOLDER, (_, name: string) => encodeURIComponent(String(filled.get(name))));
  const unfit = path.split('/').flatMap((segment, index) => {
    return isDots(boundPath.split('/')[index] ?? '') ? placeholdersOf(segment) : [];
  });
  if (unfit.length > 0) return { ok: false, missing: unfit };

  const leftover = [...filled].filter(([name]) => !inPath.has(name));
  const base = origin + boundPath;
  if (hasBody(spec.method)) {
    return {
      ok: true,
      bound: { method: spec.method, url: base + query, body: JSON.stringify(Object.fromEntries(leftover)) },
    };
  }
  const search = new URLSearchParams(query);
  for (const [name, value] of leftover) search.set(name, String(value));
  const text = search.toString();
  return { ok: true, bound: { method: spec.method, url: text ? `${base}?${text}` : base, body: undefined } };
}

// ---------------------------------------------------------------- the form of the file

const PLACEHOLDER = /\{([^{}]*)\}/g;

const parameterSchema = z
  .object({
    type: z.enum(['string', 'number', 'integer', 'boolean']).default('string'),
    fact: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, 'must be a fact name in snake_case')
      .optional(),
    from: z.literal(BOUND_FROM, `must be "${BOUND_FROM}"`).optional(),
  })
  .transform(
    ({ type, fact, from }): ActionParameter => ({
      type,
      ...(fact === undefined ? {} : { fact }),
      ...(from === undefined ? {} : { from }),
    }),
  );

const actionSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be in snake_case'),
  description: z.string().default(''),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], 'must be GET, POST, PUT, PATCH or DELETE')),
  url: z.string(),
  params: z.record(z.string(), parameterSchema).default({}),
  assurance: z.int('must be 0, 1, 2 or 3').min(0, 'must be 0, 1, 2 or 3').max(3, 'must be 0, 1, 2 or 3'),
  effect: z.enum(['read', 'write'], 'must be "read" or "write"'),
});

const fileSchema = z.object({ actions: z.array(actionSchema) });

function sentenceOf(error: z.ZodError, content: unknown): string {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const message = issue?.message ?? 'cannot be read';
  if (path[0] !== 'actions' || typeof path[1] !== 'number') {
    return 'The file must be a JSON object with a list "actions".';
  }
  const named = z.object({ actions: z.array(z.object({ name: z.string() }).catch({ name: '' })) }).safeParse(content);
  const name = named.success ? named.data.actions[path[1]]?.name : '';
  const action = name ? `The action "${name}"` : `Action number ${path[1] + 1}`;
  const place = path.slice(2).map(String).join('.');
  const what = message.startsWith('must') ? message : `is not as it should be (${message})`;
  return place ? `${action} has a bad "${place}": it ${what}.` : `${action} ${what}.`;
}

function faultOf(action: ActionSpec): string | undefined {
  const the = `The action "${action.name}"`;
  const sample = action.url.replace(PLACEHOLDER, 'x');
  if (!URL.canParse(sample) || !/^https?:\/\//i.test(action.url)) {
    return `${the} has a bad "url": it must be a whole http or https address.`;
  }
  const { origin, path, query } = partsOf(action.url);
  if (action.url.includes('#') || new URL(sample).username || /[{}]/.test(origin + query)) {
    return `${the} has a bad "url": placeholders belong in its path, and it has no user name and no "#".`;
  }
  const unknown = placeholdersOf(path).find((name) => !Object.hasOwn(action.params, name));
  if (unknown !== undefined) {
    return `${the} has "{${unknown}}" in its url, which is not one of its "params".`;
  }
  for (const [name, parameter] of Object.entries(action.params)) {
    if ((parameter.fact === undefined) === (parameter.from === undefined)) {
      return `${the} has a parameter "${name}" that needs either "fact" or "from", and not both.`;
    }
  }
  if (action.effect === 'write' && action.method === 'GET') {
    return `${the} writes, so its "method" must be POST, PUT, PATCH or DELETE.`;
  }
  return undefined;
}

// ---------------------------------------------------------------- binding

function partsOf(url: string): { origin: string; path: string; query: string } {
  const match = /^(https?:\/\/[^/?]*)([^?]*)(.*)$/is.exec(url);
  return { origin: match?.[1] ?? '', path: match?.[2] ?? '', query: match?.[3] ?? '' };
}

function placeholdersOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** URL parsers take these for "here" and "up", encoded or not. */
function isDots(segment: string): boolean {
  return /^(\.|%2e){1,2}$/i.test(segment);
}

function hasBody(method: ActionSpec['method']): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

function ownValue(values: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
}

/** Undefined where the text is empty, is no proper Unicode or is not of that type. */
function typed(text: string, type: ActionParameter['type']): string | number | boolean | undefined {
  if (text === '' || !text.isWellFormed()) return undefined;
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const number = Number(text);
  const fits = type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number);
  return fits ? number : undefined;
}
