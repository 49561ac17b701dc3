// SPDX-License-Identifier: Apache-2.0

// The program of FakeGo: node fakeGo.cjs FOLDER ARGUMENTS-OF-GO…
const fs = require('node:fs');
const path = require('node:path');

const [folder, ...args] = process.argv.slice(2);
const modules = path.join(folder, 'modules');
const behaviour = JSON.parse(
  fs.readFileSync(path.join(folder, 'behaviour.json'), 'utf8'),
);
const packages = args.filter(arg => /^\.(\/|$)/.test(arg));
const call = `${args[0]} ${packages.join(' ')}`.trim();
if (args[0] !== 'env') {
  fs.appendFileSync(path.join(folder, 'calls'), `${call}\n`);
}
switch (args[0]) {
  case 'env':
    process.stdout.write(`go${behaviour.version ?? '1.99.0'}\n`);
    return;
  case 'mod':
    process.stderr.write(
      '# get https://proxy.test/a/@v/v1.zip: 200 OK (0.1s)\n',
    );
    fs.mkdirSync(process.env.GOMODCACHE, { recursive: true });
    return;
  case 'list':
    if (args[1] === '-m') {
      for (const name of args.slice(4)) {
        process.stdout.write(
          `${JSON.stringify({ Path: name, Dir: path.join(modules, name) })}\n`,
        );
      }
    } else {
      process.stdout.write('false\ntrue\ntrue\ntrue\n');
    }
    return;
  default:
}
if (behaviour.fail && packages.includes(behaviour.fail.at)) {
  process.stderr.write(behaviour.fail.lines.join('\n'));
  process.exit(1);
}
/** What the go.mod of -modfile has in place of the module, if it has anything. */
function changedSource() {
  const modFile = args.find(arg => arg.startsWith('-modfile='))?.slice(9);
  const copy =
    modFile && /=> (".*")/.exec(fs.readFileSync(modFile, 'utf8'))?.[1];
  return copy
    ? ['controller/some.go', 'ui/dist/index.html']
        .map(name => path.join(JSON.parse(copy), name))
        .filter(file => fs.existsSync(file))
        .map(file => fs.readFileSync(file, 'utf8'))
        .join('')
    : '';
}
const finish = () => {
  if (
    behaviour.hold &&
    packages.includes(behaviour.hold.at) &&
    fs.existsSync(behaviour.hold.file)
  ) {
    setTimeout(finish, 20);
    return;
  }
  const target = args[args.indexOf('-o') + 1];
  for (const each of packages) {
    const name = each === '.' ? 'cluster' : path.basename(each);
    fs.writeFileSync(
      path.join(target, name),
      `${process.env.GOCACHE}\n${changedSource()}`,
    );
  }
};
process.stderr.write('one.test/a\nfour.test/b\n');
finish();
