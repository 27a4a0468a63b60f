import { z } from 'zod';
import type { Problem } from './problem.ts';

/**
 * The routes of one router as a reader of the OpenAPI document meets them. A service declares them beside its router, from the
 * schemas that check its requests; `openapi.ts` makes one document of the parts that a process serves.
 */
export interface ApiPart {
  /** Heading in the document. */
  readonly name: string;
  readonly description: string;
  /** Who may call it: whoever shows the operator token, the carrier that signs its requests, or anybody. */
  readonly access: 'operator' | 'carrier' | 'anybody';
  /** By path as OpenAPI writes it: `/api/cases/{caseId}`. */
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
}

export type Method = 'get' | 'post' | 'options';

export interface Operation {
  /** `operationId`: unique in the document. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: Content & { readonly isOptional?: boolean };
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it may refuse with. What any route may answer is added by the document. */
  readonly problems?: readonly Problem[];
}

export interface Content {
  readonly mediaType: string;
  readonly schema: z.ZodType;
  readonly example?: unknown;
}

export interface Answer {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: z.ZodObject;
}

/** An answer in JSON. */
export const json = (description: string, schema: z.ZodType, example?: unknown): Answer => ({
  description,
  content: { mediaType: 'application/json', schema, ...(example === undefined ? {} : { example }) },
});

/** The shape of every list: `next` is the cursor of the page behind this one, or null at the end. */
export const pageOf = <Item extends z.ZodType>(items: Item) =>
  z.object({
    items: z.array(items),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  });

/** RFC 3339, UTC. */
export const time = z.iso.datetime();

/** What a schema describes, as somebody who only reads it has it. */
export type BodyOf<Schema extends z.ZodType> = ReadonlyDeep<z.output<Schema>>;

type ReadonlyDeep<Value> = Value extends object ? { readonly [Key in keyof Value]: ReadonlyDeep<Value[Key]> } : Value;
