import { z } from 'zod';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

/** One page of a list: its query part and the cursor that goes on behind it. */
export const pageQuery = {
  cursor: z
    .string()
    .max(500)
    .regex(/^[\w-]+$/)
    .optional()
    .meta({ description: 'What `next` of the page before said; without it the first page.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMIT_MAX)
    .default(LIMIT_DEFAULT)
    .meta({ description: 'Items on a page, at most.' }),
};

/** Cursors are opaque to clients. */
export const cursorOf = (position: string | null): string | null =>
  position === null ? null : Buffer.from(position).toString('base64url');

export const positionOf = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString();
