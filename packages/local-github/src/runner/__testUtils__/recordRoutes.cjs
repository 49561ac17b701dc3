// Loaded before forge (`node --require`): at its end, every route that was registered is in the file that ROUTES_FILE names,
// a line `METHOD path right` each; the route table gives its handlers the right as their name.
const { writeFileSync } = require('node:fs');
const { Router } = require('express');

const routes = [];
const { route } = Router;
Router.route = function recorded(path) {
  const made = route.call(this, path);
  routes.push(made);
  return made;
};
process.on('exit', () => {
  const lines = routes.flatMap(({ path, methods, stack }) =>
    [path]
      .flat()
      .flatMap(each =>
        Object.keys(methods).map(
          method => `${method.toUpperCase()} ${each} ${stack[0].name}`,
        ),
      ),
  );
  writeFileSync(process.env.ROUTES_FILE, `${lines.join('\n')}\n`);
});
