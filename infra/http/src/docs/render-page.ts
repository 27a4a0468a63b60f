import type { OpenApiDocument } from '../openapi.ts';
import type { Problem } from '../problem.ts';
import { Html, html, nothing, prose } from './html.ts';
import {
  anchorOf,
  membersOf,
  type Named,
  renderSchema,
  renderTable,
  renderType,
  type Schema,
} from './render-schema.ts';
import { STYLE } from './style.ts';

/** An OpenAPI document as one page of HTML that needs no script and loads nothing. */
export function renderPage(document: OpenApiDocument): string {
  const operations = operationsOf(document);
  const tags = (document.tags ?? []).map(({ name, description = '' }) => ({
    name,
    description,
    operations: operations.filter((operation) => operation.tags?.includes(name)),
  }));
  const schemas = Object.entries(document.components?.schemas ?? {}) as [string, Schema][];
  const { title, version, description = '' } = document.info;
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} API</title>
<link rel="icon" href="data:,">
${new Html(`<style>${STYLE}</style>`)}
</head>
<body>
<a class="skip" href="#content">To the content</a>
<nav aria-label="Contents">${tags.map(tagLinks)}
<h2>Schemas</h2>
<ul>${schemas.map(([name]) => html`<li><a href="#${anchorOf(name)}">${name}</a></li>`)}</ul></nav>
<main id="content">
<h1>${title} API</h1>
<p><small>Version ${version}. The same as a document: <a href="/openapi.json">/openapi.json</a></small></p>
<p>${prose(description)}</p>
${tags.map(tagSection)}
<section><h2>Schemas</h2>${schemas.map(schemaArticle)}</section>
</main>
</body>
</html>
`;
  return `<!doctype html>\n${page.markup}`;
}

interface Tag {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: Problem }>>;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean; readonly schema: Schema }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
}

/** The document's own types leave open what may be a reference; ours are made without any here. */
const operationsOf = (document: OpenApiDocument): readonly Operation[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...(operation as Operation), method, path })),
  );

const idOf = ({ operationId = '' }: Operation): string => `operation-${operationId}`;

const tagLinks = ({ name, operations }: Tag): Html => html`<h2>${name}</h2>
<ul>${operations.map((operation) => html`<li><a href="#${idOf(operation)}">${operation.summary ?? operation.path}</a></li>`)}</ul>`;

const tagSection = ({ name, description, operations }: Tag): Html => html`<section>
<h2>${name}</h2>
<p>${prose(description)}</p>
${operations.map(operationArticle)}
</section>`;

function operationArticle(operation: Operation): Html {
  const { method, path, summary = '', description, parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(({ name, required = false, schema }): Named => ({ name, schema, isRequired: required }));
  return html`<article id="${idOf(operation)}">
<h3><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></h3>
<p>${summary}. <span class="access">${accessOf(operation)}</span></p>
${description === undefined ? nothing : html`<p>${prose(description)}</p>`}
${rows.length === 0 ? nothing : html`<h4>Parameters</h4>${renderTable(rows)}`}
${requestBody === undefined ? nothing : html`<h4>Body${requestBody.required ? '' : ', if any'}</h4>${contents(requestBody.content)}`}
${Object.entries(responses).map(([status, { description: says = '', content }]) => answer(status, says, content))}
</article>`;
}

function accessOf({ security = [] }: Operation): string {
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  if (schemes.includes('operator')) return 'Needs the operator token.';
  return schemes.includes('carrier') ? 'Signed by the carrier.' : 'Needs no token.';
}

/** What any route may answer besides is said once, with the schema of problems. */
function answer(status: string, says: string, content: Readonly<Record<string, Content>> | undefined): Html {
  if (status === 'default') return nothing;
  const problems = content?.['application/problem+json'];
  if (problems) {
    const examples = Object.values(problems.examples ?? {});
    return html`<h4>${status}</h4>${examples.map(({ value }) => problem(value))}`;
  }
  return html`<h4>${status}</h4><p>${says}</p>${content ? contents(content) : nothing}`;
}

const problem = ({ code, title, detail = '' }: Problem): Html =>
  html`<p><code>${code}</code> ${title} <small>${detail}</small></p>`;

const contents = (content: Readonly<Record<string, Content>>): Html[] =>
  Object.entries(content).map(
    ([mediaType, { schema = {}, example }]) =>
      html`<p><small>${mediaType}</small></p>${
        schema.description === undefined ? nothing : html`<p>${prose(schema.description)}</p>`
      }${renderSchema(schema)}${
        example === undefined ? nothing : html`<pre tabindex="0">${JSON.stringify(example, null, 2)}</pre>`
      }`,
  );

const schemaArticle = ([name, schema]: readonly [string, Schema]): Html => {
  const members = membersOf(schema, '');
  return html`<article id="${anchorOf(name)}">
<h3>${name}</h3>
<p>${prose(schema.description ?? '')}</p>
${members.length === 0 ? html`<p>${renderType(schema)}</p>` : renderTable(members)}
</article>`;
};
