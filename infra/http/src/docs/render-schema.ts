import { type Html, html, nothing, prose } from './html.ts';

/** The part of JSON Schema that our documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly description?: string;
}

/** A named value of a table: a member of an object, a parameter, a header. */
export interface Named {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** What a value is: its type in a line, and a table of its members where it is an object that has no name. */
export const renderSchema = (schema: Schema): Html => {
  const members = membersOf(schema, '');
  const isNamed = schema.$ref !== undefined;
  return html`${isNamed || members.length === 0 ? html`<p class="type">${renderType(schema)}</p>` : nothing}${
    isNamed ? nothing : renderTable(members)
  }`;
};

/** A table of values with what they mean. */
export function renderTable(rows: readonly Named[]): Html {
  if (rows.length === 0) return nothing;
  return html`<div class="wide"><table>
<thead><tr><th scope="col">name</th><th scope="col">type</th><th scope="col">meaning</th></tr></thead>
<tbody>${rows.map(row)}</tbody>
</table></div>`;
}

const row = ({ name, schema, isRequired }: Named): Html => html`<tr>
<th scope="row"><code>${name}</code>${isRequired ? nothing : html` <small>optional</small>`}</th>
<td>${renderType(schema)}</td>
<td>${prose(schema.description ?? '')}${bounds(schema)}</td>
</tr>`;

/** `string`, `list of Fact`, `open | closed`, `string or null`. */
export function renderType(schema: Schema): Html {
  const { $ref, type, items, additionalProperties, format } = schema;
  if ($ref !== undefined) return html`<a href="#${anchorOf($ref)}">${nameOf($ref)}</a>`;
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return joined(branches.map(renderType), ' or ');
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum)
    return joined(
      schema.enum.map((value) => html`<code>${String(value)}</code>`),
      ' | ',
    );
  if (items) return html`list of ${renderType(items)}`;
  if (typeof additionalProperties === 'object' && schema.properties === undefined)
    return html`map of ${renderType(additionalProperties)}`;
  const types = typeof type === 'string' ? [type] : (type ?? ['anything']);
  return html`${types.map((each) => (each === 'string' && format !== undefined ? format : each)).join(' or ')}`;
}

/** Members of an object, with those of unnamed objects inside it: `receipt.given`, `claims[].proof`. */
export function membersOf(schema: Schema, path: string): readonly Named[] {
  return Object.entries(schema.properties ?? {}).flatMap(([member, each]) => {
    const name = path + member;
    const isRequired = schema.required?.includes(member) ?? false;
    return [{ name, schema: each, isRequired }, ...innerOf(each, name)];
  });
}

function innerOf(schema: Schema, name: string): readonly Named[] {
  if (schema.items) return innerOf(schema.items, `${name}[]`);
  const branch = schema.anyOf?.find((each) => each.properties !== undefined);
  return membersOf(branch ?? schema, `${name}.`);
}

function bounds({ default: byDefault, minimum, maximum, maxLength, example }: Schema): Html {
  const said = [
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    byDefault === undefined || byDefault === '' ? '' : `${String(byDefault)} by default`,
    example === undefined ? '' : `such as ${String(example)}`,
  ].filter((text) => text !== '');
  return said.length === 0 ? nothing : html` <small>${said.join(', ')}</small>`;
}

const nameOf = (ref: string): string => ref.split('/').at(-1) ?? '';

/** Where a component is on the page. */
export const anchorOf = (ref: string): string => `schema-${nameOf(ref)}`;

const joined = (pieces: readonly Html[], between: string): Html =>
  html`${pieces.map((piece, index) => (index === 0 ? piece : html`${between}${piece}`))}`;
