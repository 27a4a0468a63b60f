/** Which service has which paths, longest first. An ingress in production says the same. */
const ROUTES = [
  ['/api/cases', 'case-state'],
  ['/api/contacts', 'case-state'],
  ['/api/actions', 'case-state'],
  ['/api/customers', 'identity-resolution'],
  ['/api/audit', 'audit'],
  ['/api/parked', 'operators'],
  ['/chat', 'chat-gateway'],
  ['/voice', 'voice-gateway'],
] as const;

/** Every service of the mesh, in the order of the flow; those that only consume are asked for their health. */
export const SERVICES = [
  'chat-gateway',
  'voice-gateway',
  'email-gateway',
  'identity-resolution',
  'case-state',
  'agent',
  'audit',
  'operators',
] as const;

export type ServiceName = (typeof SERVICES)[number];

/** Those that a path leads to. */
export const SERVICES_WITH_PATHS: readonly ServiceName[] = [...new Set(ROUTES.map(([, service]) => service))];

/** The service that a URL's path belongs to; undefined where it is nobody's. */
export function serviceOf(url: string): ServiceName | undefined {
  const [path = ''] = url.split('?');
  return ROUTES.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
}

/** What one instance says of itself: `/metrics/case-state`, `/readyz/case-state/2`. */
export function ownPathOf(url: string): { service: string; instance: number; path: string } | undefined {
  const [, path, service = '', instance = '1'] =
    /^(\/(?:livez|readyz|metrics|openapi\.json|docs))\/([a-z-]+)(?:\/(\d+))?$/.exec(url) ?? [];
  return path === undefined ? undefined : { service, instance: Number(instance), path };
}
