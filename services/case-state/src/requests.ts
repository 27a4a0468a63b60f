import { z } from 'zod';
import { pageQuery } from './paging.ts';

/** What the operators' API of cases is asked with. */

export const caseParams = z.object({ caseId: z.string().meta({ example: 'case_9f2c' }) });
export const contactParams = z.object({ contactId: z.string().meta({ example: 'ctc_41d7' }) });
export const actionParams = z.object({
  actionId: z.string().meta({ description: 'What the backend got as `Idempotency-Key`.', example: 'act_8be0' }),
});

export const caseQuery = z.object({
  ...pageQuery,
  customer: z.string().max(100).optional().meta({ description: 'Cases of this customer only.', example: 'cus_77a1' }),
  status: z
    .enum(['open', 'waiting', 'resolved', 'closed'])
    .optional()
    .meta({ description: 'Cases in this state only.' }),
  needs: z.literal('person').optional().meta({ description: 'Cases that wait for a person only.' }),
});

export const threadQuery = z.object(pageQuery);
