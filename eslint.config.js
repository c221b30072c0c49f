import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The import table of docs/reading.md: what the files of a folder may not import. Type imports count, but where `types` is true. */
function forbid(files, ...rules) {
  const patterns = rules.map(([regex, message, types]) => ({
    regex,
    message,
    ...(types === true && { allowTypeImports: true }),
  }));
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

const folder = (name, message, types) => [`^\\.\\.?/(.*/)?(${name})/`, message, types];
const SDK = [
  '^@aws-sdk/|^@smithy/',
  'the AWS SDK belongs to lib/aws, lib/seller and the entry points',
];
const CDK = ['^aws-cdk-lib|^constructs$|^cdk-nag$', 'CDK belongs to lib/stacks and bin/app.ts'];
const NODE = ['^node:', 'no Node.js module is known here'];
const MIDDY = ['^@middy/', 'middleware belongs to the entry points'];
const NOTHING_ELSE = ['^[^.]', 'no package is known here'];
const AWS = folder('aws', 'adapters are handed in by an entry point');
const SELLER = folder('seller', 'what the seller runs is not deployed');
const STACKS = folder('stacks', 'the stacks are made at synth only');
const LAMBDAS = folder('lambdas', 'Lambdas are reached through their bundles or their queues');
const WORKBENCH = folder(
  'workbench',
  'the workbench serves to try, test and measure: the product does not know it',
);
const OUTWARDS = folder(
  'messages|aws|observability|stacks|seller|workbench|lambdas',
  'arrows point towards lib/domain',
);

const STRINGIFY = "CallExpression[callee.object.name='JSON'][callee.property.name='stringify']";
/** Words with a value in them: C1 controls and marks that turn the direction of writing pass through `JSON.stringify`. */
const BARE_JSON = [
  `TemplateLiteral ${STRINGIFY}`,
  `BinaryExpression[operator='+'] > ${STRINGIFY}`,
  `CallExpression[callee.property.name='join'] CallExpression[callee.property.name='map'] > ArrowFunctionExpression > ${STRINGIFY}`,
].map((selector) => ({
  selector,
  message: 'values are shown by quoted, JSON by jsonText: lib/domain/outside-text.ts',
}));

export default defineConfig(
  { ignores: ['node_modules', 'cdk.out', 'coverage', 'reports', '.stryker-tmp'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'func-style': ['error', 'declaration', { allowArrowFunctions: true }],
    },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['test/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    ...forbid(
      ['test/**'],
      ['^fast-check$', 'test/support/property.ts has it, with the same examples every time'],
    ),
    ignores: ['test/support/{property,same-chance}.ts', 'test/histories/try.ts'],
  },
  {
    // The pages bring the browser's names into every file's sight: elsewhere they are slips.
    ignores: [
      'lib/seller/report/page/**',
      'lib/workbench/console/page/**',
      'lib/workbench/bench/report/**',
      'test/**',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'document',
          'window',
          'self',
          'location',
          'history',
          'localStorage',
          'sessionStorage',
          'screen',
        ],
        ...[
          'name',
          'event',
          'status',
          'length',
          'origin',
          'parent',
          'top',
          'closed',
          'external',
          'frames',
        ],
        ...[
          'open',
          'close',
          'stop',
          'find',
          'print',
          'focus',
          'blur',
          'alert',
          'confirm',
          'prompt',
          'getComputedStyle',
        ],
      ],
    },
  },
  {
    files: ['lib/**', 'lambdas/**', 'bin/**'],
    // These know nothing of ours, and show nothing to a seller.
    ignores: ['lib/workbench/@(cloud|license-manager|agreement-service|bench)/**'],
    rules: { 'no-restricted-syntax': ['error', ...BARE_JSON] },
  },
  {
    files: ['lib/domain/**', 'lib/mail/**', 'lib/aws/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...BARE_JSON,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'the clock is handed in',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'the clock is handed in',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'chance is handed in',
        },
      ],
    },
  },
  forbid(
    ['lib/domain/**'],
    NOTHING_ELSE,
    OUTWARDS,
    folder('mail', 'the domain imports only itself'),
  ),
  forbid(['lib/mail/**'], NOTHING_ELSE, OUTWARDS),
  forbid(['lib/messages/**'], SDK, CDK, NODE, MIDDY, AWS, SELLER, STACKS, LAMBDAS, WORKBENCH),
  forbid(['lib/aws/**'], CDK, SELLER, STACKS, LAMBDAS, WORKBENCH),
  forbid(['lib/observability/**'], SDK, CDK, AWS, SELLER, STACKS, LAMBDAS, WORKBENCH),
  forbid(['lib/stacks/**'], SDK, AWS, SELLER, WORKBENCH, [
    ...LAMBDAS.slice(0, 1),
    'the stacks see only the type of a Lambda’s environment',
    true,
  ]),
  forbid(['lib/seller/**'], CDK, STACKS, LAMBDAS, WORKBENCH),
  forbid(
    ['lib/workbench/license-manager/**'],
    [
      '^(?!node:|\\.\\.?/)',
      'a stand-in that shares the client’s code proves nothing: node:* and itself',
    ],
    [
      '^(\\.\\./)+(?!license-manager/|operations/|[a-z-]+\\.ts$)',
      'the stand-in imports nothing of ours',
    ],
  ),
  forbid(
    ['lib/workbench/agreement-service/**'],
    [
      '^(?!node:|\\.\\.?/)',
      'a stand-in that shares the client’s code proves nothing: node:* and itself',
    ],
    ['^(\\.\\./)+(?!operations/|[a-z-]+\\.ts$)', 'the stand-in imports nothing of ours'],
  ),
  forbid(
    ['lib/workbench/cloud/**'],
    SDK,
    CDK,
    AWS,
    LAMBDAS,
    folder('domain|mail', 'the local cloud knows no business rule'),
  ),
  forbid(
    ['lambdas/*/!(index|env).ts'],
    SDK,
    CDK,
    NODE,
    MIDDY,
    ['/env\\.ts$', 'the environment is read by the entry point'],
    AWS,
    SELLER,
    STACKS,
    WORKBENCH,
  ),
  forbid(['lambdas/*/@(index|env).ts', 'bin/@(app|cli).ts'], WORKBENCH),
  forbid(['lambdas/*/@(index|env).ts'], CDK, SELLER, STACKS, WORKBENCH),
);
