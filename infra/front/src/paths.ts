import type { ApiPart } from '@throughline/http/api-part';
import { processPart } from '@throughline/http/process-paths';

const { '/metrics': ofOneProcess, ...ofAll } = processPart.paths;

/** What the front answers itself, in the place of what each process says of itself. */
export const frontPart: ApiPart = {
  ...processPart,
  description:
    'Whether every service can work, and what all of them offer. With `/<service>` behind it, or `/<service>/<number>` where there are several instances, each of these asks one process. Keep them inside: they need no token.',
  paths: { ...ofAll, ...(ofOneProcess && { '/metrics/{service}': ofOneProcess }) },
};
