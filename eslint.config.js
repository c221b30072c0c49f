import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The import table of the design (section 4): what each room may not reach for. */
const forbid = (files, ...rules) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: rules.map(([regex, message]) => ({ regex, message })) }],
  },
});

const SDK = ['^@aws-sdk/|^@smithy/', 'the AWS SDK belongs in lib/adapters, the Lambda doors and bin'];
const CDK = ['^aws-cdk-lib|^constructs$|^cdk-nag$', 'CDK belongs in the stacks, lib/constructs and bin/app.ts'];
const NODE = ['^node:', 'this room knows no Node.js module'];
const PACKAGES = ['^[^.]', 'this room imports nothing but itself'];
const room = (name, message) => [`(^|/)${name}(/|\\.ts$|$)`, message];
const ADAPTERS = room('adapters', 'adapters are handed in by a door');
const CLOUD = room('cloud', 'the local cloud is no part of the product that is deployed');
const LAMBDAS = room('lambdas', 'Lambdas are reached through their bundles or their queues');

export default defineConfig(
  { ignores: ['node_modules', 'cdk.out', 'coverage'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
      'func-style': ['error', 'declaration', { allowArrowFunctions: true }],
    },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['test/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    // The pages bring the browser's names into every file's sight: elsewhere they are slips.
    ignores: ['lib/report/page/**', 'lib/console/page/**', 'test/**', 'lib/bench/report/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['document', 'window', 'self', 'location', 'history', 'localStorage', 'sessionStorage', 'screen'],
        ...['name', 'event', 'status', 'length', 'origin', 'parent', 'top', 'closed', 'external', 'frames'],
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
    files: ['lib/domain/**', 'lib/adapters/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'the clock is handed in' },
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
    PACKAGES,
    room(
      '(schemas|adapters|observability|cloud|cli|report|approval|console|constructs)',
      'the domain imports only itself',
    ),
  ),
  forbid(['lib/schemas/**'], SDK, CDK, NODE, ADAPTERS, CLOUD, LAMBDAS),
  forbid(['lib/adapters/**'], CDK, LAMBDAS, CLOUD, room('cli', 'adapters serve the command line, not the reverse')),
  forbid(['lib/observability/**'], SDK, CDK, LAMBDAS, CLOUD, ADAPTERS),
  {
    files: ['lib/config.ts', 'lib/config/**', 'lib/*-stack.ts', 'lib/constructs/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: SDK[0], message: SDK[1] },
            { regex: ADAPTERS[0], message: ADAPTERS[1] },
            { regex: CLOUD[0], message: CLOUD[1] },
            {
              regex: LAMBDAS[0],
              message: 'the stacks see only the type of a Lambda’s environment',
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  forbid(
    ['lib/license-manager/**'],
    ['^(?!node:|\\.\\.?/)', 'the stand-in uses Node.js and itself'],
    ['^\\.\\./(?!license-manager|[a-z-]+\\.ts$|operations|service)', 'the stand-in imports nothing of ours'],
  ),
  forbid(['lib/cloud/**'], SDK, CDK, ADAPTERS, LAMBDAS, room('domain', 'the local cloud knows no business rule')),
  forbid(['lib/cli/**'], CDK, LAMBDAS),
  forbid(['lib/report/**'], SDK, CDK, LAMBDAS, ADAPTERS, CLOUD, room('(cli|console)', 'the report is drawn for both')),
  forbid(
    ['lib/approval/**'],
    SDK,
    CDK,
    LAMBDAS,
    ADAPTERS,
    CLOUD,
    room('(cli|report|console|constructs)', 'the approval page is made of the template alone'),
  ),
  forbid(['lib/console/**'], SDK, CDK, LAMBDAS),
  forbid(
    ['lambdas/*/!(index|env).ts'],
    SDK,
    CDK,
    NODE,
    ['^@middy/', 'middleware belongs at the door'],
    ['/env\\.ts$', 'the environment is read at the door'],
    ADAPTERS,
    CLOUD,
  ),
);
