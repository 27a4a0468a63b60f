import type { ApiPart } from '../api-part.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method: string }[] };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** The routes of an express router or application and of those inside it, as OpenAPI writes them: `get /api/cases/{caseId}`. */
export function routesOf(router: { readonly stack: readonly unknown[] }): readonly string[] {
  const found = (router.stack as readonly Layer[]).flatMap(({ route, handle }) =>
    route
      ? route.stack.map(({ method }) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`)
      : handle.stack
        ? routesOf({ stack: handle.stack })
        : [],
  );
  // A route may have several handlers.
  return [...new Set(found)].sort();
}

/** The routes that a part describes; WebSocket upgrades (status 101) are none of a router's. */
export const routesDescribed = ({ paths }: ApiPart): readonly string[] =>
  Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { answers }]) => (101 in answers ? [] : [`${method} ${path}`])),
    )
    .sort();
