/**
 * @typedef {{ method: string, path: string }} Route
 */

/**
 * The routes of a running Express application, read from its routers.
 *
 * @param {any} app
 * @returns {{ routes: Route[], opaque: string[] }} `opaque`: paths at which a function takes every request below them
 */
export function routesOf(app) {
  const routes = new Map();
  const opaque = new Set();
  visit((app._router ?? app.router).stack, '', { routes, opaque });
  return { routes: [...routes.values()], opaque: [...opaque] };
}

function visit(stack, prefix, found) {
  for (const layer of stack) {
    if (layer.route) {
      for (const routePath of [layer.route.path].flat()) {
        const path = join(prefix, String(routePath));
        for (const method of Object.keys(layer.route.methods)) {
          const name = method === '_all' ? 'GET' : method.toUpperCase();
          found.routes.set(`${name} ${path}`, { method: name, path });
        }
      }
      continue;
    }
    const mount = mountOf(layer);
    const inner = innerStack(layer.handle);
    if (inner) {
      visit(inner, join(prefix, mount), found);
    } else if (mount) {
      found.opaque.add(join(prefix, mount));
    }
  }
}

/** Some plugins are wrapped by a function that keeps its router as a property. */
function innerStack(handle) {
  return handle?.stack ?? handle?._router?.stack ?? handle?.router?.stack;
}

/** Where a layer is mounted; Express 4 keeps only the expression that it made of the path. */
function mountOf(layer) {
  if (!layer.regexp || layer.regexp.fast_slash) {
    return '';
  }
  const keys = [...(layer.keys ?? [])];
  return layer.regexp.source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replace(
      /\(\?:(?:\\\/)?\(\[\^\\\/\]\+\?\)\)|\(\?:\\\/\(\[\^\/\]\+\?\)\)/g,
      () => `/:${keys.shift()?.name ?? 'key'}`,
    )
    .replaceAll('\\', '');
}

const join = (prefix, path) =>
  `${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
