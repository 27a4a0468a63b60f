import { type ApiPart, json, pageOf } from '@throughline/http/api-part';
import { z } from 'zod';
import { customerLine } from './import-line.ts';
import { CUSTOMER_UNKNOWN, IDENTIFIER_NEEDED, IMPORT_STALLED, NDJSON_NEEDED } from './problems.ts';
import { customerParams, customersQuery, IMPORT_MEDIA_TYPE } from './requests.ts';
import { customerSchema, importSchema } from './view-schemas.ts';

/** The routes of `api.ts`. */
export const customersPart: ApiPart = {
  name: 'Customers',
  description: 'Who is who, and why that is believed.',
  access: 'operator',
  paths: {
    '/api/customers': {
      get: {
        id: 'findCustomers',
        summary: 'Finds customers by an identifier',
        description: 'A list of one page: an identifier may be on file for several customers.',
        query: customersQuery,
        answers: { 200: json('Whoever has it on file.', pageOf(customerSchema)) },
        problems: [IDENTIFIER_NEEDED],
      },
    },
    '/api/customers/{customerId}': {
      get: {
        id: 'showCustomer',
        summary: 'Shows a customer',
        params: customerParams,
        answers: { 200: json('The customer.', customerSchema) },
        problems: [CUSTOMER_UNKNOWN],
      },
    },
    '/api/customers/import': {
      post: {
        id: 'importCustomers',
        summary: 'Imports customers',
        description:
          'One JSON object a line. Sending a file again changes only what has changed. A line that is refused stops no other.',
        body: {
          mediaType: IMPORT_MEDIA_TYPE,
          schema: z
            .array(customerLine.meta({ id: 'CustomerLine', description: 'One line of an import.' }))
            .meta({ description: 'One object a line: no list, and no commas between them.' }),
          example: [
            {
              externalId: 'C-1001',
              name: 'Ines Okafor',
              identifiers: [{ type: 'email', value: 'ines.okafor@post.example' }],
              attributes: { postalCode: '94107' },
              region: 'US',
            },
          ],
        },
        answers: { 200: json('What came of each line.', importSchema) },
        problems: [NDJSON_NEEDED, IMPORT_STALLED],
      },
    },
  },
};
