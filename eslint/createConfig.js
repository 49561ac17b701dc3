const path = require('node:path');
// @ts-expect-error Backstage declares no types for it.
const createBackstageConfig = require('@backstage/cli/config/eslint-factory');

// What a package of ours may import from the others, by the last part of its
// directory's name. The rest of the house is docs/architecture.md, "Who may
// import whom".
const ALLOWED = [
  { packages: /-common$/, may: ['-common'] },
  { packages: /-node$/, may: ['-common', '-node'] },
  { packages: /-backend$|-backend-module-/, may: ['-common', '-node'] },
  { packages: /./, may: ['-common'] },
];

// esquery ends a regular expression at the first slash.
const SLASH = '\\u002F';

/** @param {string} pattern @param {string} message */
function forbidImport(pattern, message) {
  const source = `/${pattern.replaceAll('/', SLASH)}/`;
  return [
    `ImportDeclaration[source.value=${source}]`,
    `ExportNamedDeclaration[source.value=${source}]`,
    `ExportAllDeclaration[source.value=${source}]`,
    `ImportExpression[source.value=${source}]`,
    `TSImportType Literal[value=${source}]`,
    `CallExpression[callee.name='require'][arguments.0.value=${source}]`,
  ].map(selector => ({ selector, message }));
}

/** @param {string} packageDir */
function importDirectionRules(packageDir) {
  const name = path.basename(packageDir);
  if (path.basename(path.dirname(packageDir)) !== 'plugins') {
    return [];
  }
  const may = ALLOWED.find(entry => entry.packages.test(name))?.may ?? [];
  const endings = may.map(ending => `${ending}$`).join('|');
  return forbidImport(
    `^@greenroom/plugin-(?!${name}$)(?!([a-z]|-)*(${endings}))`,
    `${name} may import only ${may.join(' and ')} packages of ours (docs/architecture.md)`,
  );
}

// Where the language and its libraries give two words for one thought, the house has one.
const ONE_HAND = [
  {
    selector:
      ":matches(PropertyDefinition, MethodDefinition[kind!='constructor'])[accessibility='private']",
    message: 'Write #name, which nobody outside of the class can read',
  },
  {
    selector: 'TSParameterProperty',
    message: 'Declare the field, and assign it in the constructor',
  },
  {
    selector:
      ":matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind='const'] > VariableDeclarator[init.type='Literal'][id.name=/[a-z]/]",
    message: 'Name a constant of the module LIKE_THIS',
  },
];

/**
 * Packages do without Backstage's libraries; plugins use them.
 *
 * @param {string} packageDir
 */
function oneHandRules(packageDir) {
  return path.basename(path.dirname(packageDir)) === 'plugins'
    ? [
        ...ONE_HAND,
        {
          selector:
            "ConditionalExpression[test.operator='instanceof'][test.right.name='Error'][consequent.property.name='message']",
          message: 'Use toError of @backstage/errors',
        },
      ]
    : ONE_HAND;
}

// Lines a reader can hold; tests are exempt, since a thick test file starts
// faster than many thin ones.
const SIZES = [
  ['**/src/**/*.{ts,tsx}', 300],
  ['**/src/**/components/**/*.tsx', 200],
  ['**/src/**/use[A-Z]*.{ts,tsx}', 80],
  ['**/src/**/actions/*.ts', 240],
  ['**/src/**/router.ts', 250],
  ['**/src/plugin.{ts,tsx}', 120],
];

/**
 * Backstage's ESLint configuration for a package, with the rules of this house:
 * import direction, no import circles, no Material UI, no `any`, `#private`, braces, file sizes,
 * linear expressions.
 * eslint/rules.test.mjs breaks each of them.
 *
 * @param {string} packageDir
 */
module.exports = function createConfig(packageDir) {
  const config = createBackstageConfig(packageDir, {
    tsRules: { '@typescript-eslint/no-explicit-any': 'error' },
  });
  const restrictedSyntax = [
    'error',
    // The roles of Backstage's configuration set this rule in different places.
    ...config.rules['no-restricted-syntax'].slice(1),
    ...forbidImport(
      '^@(material-ui|mui)/',
      'Use @backstage/ui and @remixicon/react, not Material UI',
    ),
    ...importDirectionRules(packageDir),
    ...oneHandRules(packageDir),
  ];
  return {
    ...config,
    plugins: [...(config.plugins ?? []), 'regexp'],
    settings: {
      ...config.settings,
      'import/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
    },
    rules: {
      ...config.rules,
      'import/no-cycle': ['error', { ignoreExternal: true }],
    },
    overrides: [
      ...config.overrides,
      {
        files: ['**/*.{ts,tsx,js,mjs}'],
        rules: {
          'no-restricted-syntax': restrictedSyntax,
          curly: ['error', 'all'],
        },
      },
      {
        files: ['**/*.{ts,tsx,js,mjs}'],
        // Tests see texts of their own.
        excludedFiles: ['**/*.test.*', '**/{__testUtils__,__fixtures__}/**'],
        rules: {
          'regexp/no-super-linear-backtracking': [
            'error',
            { report: 'potential' },
          ],
          'regexp/no-super-linear-move': ['error', { report: 'potential' }],
        },
      },
      ...SIZES.map(([files, max]) => ({
        files: [files],
        excludedFiles: ['**/*.test.{ts,tsx}', '**/__fixtures__/**'],
        rules: { 'max-lines': ['error', { max }] },
      })),
    ],
  };
};
