// SPDX-License-Identifier: Apache-2.0

/**
 * What Express says of itself only at run time.
 *
 * @typedef {{ stack?: Layer[] }} Router
 * @typedef {Router & { _router?: Router, router?: Router }} Handle
 * @typedef {object} Layer
 * @property {{ path: string | string[], methods: Record<string, boolean> }} [route]
 * @property {Handle} [handle]
 * @property {RegExp & { fast_slash?: boolean }} [regexp]
 * @property {{ name: string }[]} [keys]
 *
 * @typedef {{ method: string, path: string }} Route
 */

/**
 * The routes of a running Express application, read from its routers.
 *
 * @param {Handle} app
 * @returns {{ routes: Route[], opaque: string[] }} `opaque`: paths at which a function takes every request below them
 */
export function routesOf(app) {
  /** @type {Map<string, Route>} */
  const routes = new Map();
  /** @type {Set<string>} */
  const opaque = new Set();
  visit((app._router ?? app.router)?.stack ?? [], '', { routes, opaque });
  return { routes: [...routes.values()], opaque: [...opaque] };
}

/** @param {Layer[]} stack @param {string} prefix @param {{ routes: Map<string, Route>, opaque: Set<string> }} found */
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

/** Some plugins are wrapped by a function that keeps its router as a property. @param {Handle} [handle] */
function innerStack(handle) {
  return handle?.stack ?? handle?._router?.stack ?? handle?.router?.stack;
}

/** Where a layer is mounted; Express 4 keeps only the expression that it made of the path. @param {Layer} layer */
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

/** @param {string} prefix @param {string} path */
const join = (prefix, path) =>
  `${prefix}/${path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
