import { z } from 'zod';

/** What the operators' API of customers is asked with; the lines of an import are in `import-line.ts`. */

export const IMPORT_MEDIA_TYPE = 'application/x-ndjson';

export const customerParams = z.object({ customerId: z.string().meta({ example: 'cus_77a1' }) });

export const customersQuery = z.object({
  identifier: z.string().meta({
    description: 'An e-mail address, or a phone number with its country code (`%2B` for the plus).',
    example: 'ines.okafor@post.example',
  }),
});
