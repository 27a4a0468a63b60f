import { customerIdOf } from './matching.ts';
import { caseIdOf } from './placing.ts';
import {
  called,
  email,
  type Input,
  imported,
  noticed,
  offered,
  phone,
  reference,
  rightCode,
  Specification,
} from './specification.ts';

/** Ines, her two cases, and a caller who says that she is Ines: what the specifications of turns begin with. */
export const INES = customerIdOf('ines');
export const NUMBER = '+14155550142';
export const OTHER_NUMBER = '+14155550177';
export const ADDRESS = 'ines@post.example';
export const ines = imported('ines', phone(NUMBER), email(ADDRESS));
export const refundCase = noticed('case_refund', INES, { kind: 'refund', references: [reference('W1234567')] });
export const orderCase = noticed('case_order', INES, { kind: 'order', references: [reference('W7654321')] });

/** The first home of contact `ctc_1`. */
export const HOME = caseIdOf('ctc_1', 1);

/** Somebody calls from an unknown number and says Ines's address: the story until a code is asked for. */
export const asking = (...before: readonly Input[]): Specification =>
  new Specification()
    .given(ines, ...before, called('ctc_1', OTHER_NUMBER))
    .when(offered('ctc_1', HOME, `I am ${ADDRESS}`));

/** The contact says the right code of the step-up that has just begun. */
export function prove(specification: Specification, contactId = 'ctc_1', caseId: string = HOME): Specification {
  const { stepUpId } = specification.one('StepUpStarted');
  return specification.when(offered(contactId, caseId, rightCode(contactId, stepUpId)));
}
