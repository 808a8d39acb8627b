/** What needs the types of the whole program: `npm run lint:typed`, two minutes of a processor, so it is a step of `prove`. */
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'
import base from './eslint.config.js'

const typed = [...tseslint.configs.strictTypeCheckedOnly, ...tseslint.configs.stylisticTypeCheckedOnly]

export default tseslint.config(
  ...base,
  ...typed,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.app.json', './tsconfig.node.json', './tsconfig.worker.json'],
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      // Code points are what is meant wherever a text is spread here.
      '@typescript-eslint/no-misused-spread': 'off',
      // It doesn't see what another task changes between two lines, which is what most of these conditions are about.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Gateways and stores are plain objects of functions that use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `!` is an error here, so an assertion is the way to say it.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // What failed is handed on as it came.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      // Money is a branded number.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      // Two questions one after the other are often plainer than one chain.
      '@typescript-eslint/prefer-optional-chain': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // What comes out of a component is unknown to this parser; `vue-tsc` checks it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    rules: {
      // The default of a property is a rule of the component's compiler: to the types it is always there.
      '@typescript-eslint/no-useless-default-assignment': 'off',
      // These need the types that `vue-tsc` knows and this parser doesn't.
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  // The only way to type into a field so that it can be undone.
  { files: ['src/features/scanner/use-wedge.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  // The class of a drawing is an object, whatever the element's type says.
  { files: ['e2e/pages/geometry.ts'], rules: { '@typescript-eslint/no-unnecessary-type-conversion': 'off' } },
  // The test does what the policy forbids.
  { files: ['e2e/specs/csp.spec.ts'], rules: { '@typescript-eslint/no-implied-eval': 'off' } },
  { files: ['**/*.js', '**/*.cjs', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
