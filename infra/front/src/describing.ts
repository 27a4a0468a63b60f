import { DESCRIBED_AT, type DescribedAt, type Description, describedAt } from '@throughline/http/describing';
import { joinDocuments, withoutPart } from '@throughline/http/joining';
import { describeApi } from '@throughline/http/openapi';
import { processPart } from '@throughline/http/process-paths';
import type { Instances } from './instances.ts';
import { frontPart } from './paths.ts';
import { SERVICES_WITH_PATHS } from './routes.ts';

const ANSWER_MAX_MS = 3_000;

/** Whether all services together are asked for what they serve. */
export const isDescription = (path: string): path is DescribedAt =>
  DESCRIBED_AT.some((described) => described === path);

/**
 * What is served through here: every service is asked for its own document, so that it is that of the version which runs.
 * Undefined where one does not give it.
 */
export async function describeAll(instances: Instances, path: DescribedAt): Promise<Description | undefined> {
  const present = SERVICES_WITH_PATHS.filter((service) => instances.at(service, 1) !== undefined);
  try {
    const documents = await Promise.all(present.map((service) => documentOf(instances.inTurn(service))));
    const ofServices = documents.map((document) => withoutPart(document, processPart));
    const [first = OWN, ...others] = [...ofServices, OWN];
    return describedAt(joinDocuments([first, ...others]))[path];
  } catch {
    return undefined;
  }
}

const OWN: unknown = describeApi([frontPart]);

/** Of the first instance that gives it. Rejects where none does. */
async function documentOf(urls: readonly string[]): Promise<unknown> {
  const [url, ...others] = urls;
  if (url === undefined) throw new Error('No instance describes itself.');
  return fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) })
    .then((response) => response.json())
    .catch(() => documentOf(others));
}
