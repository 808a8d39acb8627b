import pluginVue from 'eslint-plugin-vue'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/** Pure folders get clock, chance and I/O handed in: a simulation can then replay any run. */
const impureGlobals = [
  'fetch',
  'setTimeout',
  'setInterval',
  'localStorage',
  'indexedDB',
  'navigator',
  'window',
  'document',
]

/** Money and quantity are integers, in every file. */
const money = [
  {
    selector: "CallExpression[callee.name='parseFloat']",
    message: 'Money and quantity are parsed digit by digit (src/domain/money.ts).',
  },
  {
    selector: "CallExpression[callee.property.name='toFixed']",
    message: 'Money and quantity are integers; format them with src/domain/money.ts.',
  },
]

/** A component asks a store or a composable: what is asked of the device or a server has one place, and a test. */
const noDeviceInComponents = {
  selector: "CallExpression[callee.object.object.callee.name='services']",
  message: 'The device and the servers are asked by a store or a composable, not by a component.',
}

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'test-results/**', 'playwright-report/**', 'public/**'] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  ...pluginVue.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node, __APP_VERSION__: 'readonly' } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...money],
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser, sourceType: 'module' } },
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/attributes-order': 'off',
      'vue/no-v-html': 'error',
      'no-restricted-syntax': ['error', ...money, noDeviceInComponents],
      'vue/enforce-style-attribute': ['error', { allow: ['scoped'] }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
    },
  },
  {
    files: ['src/domain/**/*.ts', 'src/device-model/**/*.ts', 'src/queue/**/*.ts', 'src/contract/**/*.ts'],
    ignores: ['**/*.test.ts', 'src/queue/runner/**'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock is handed in.' },
        { object: 'Math', property: 'random', message: 'Chance is handed in.' },
        { object: 'crypto', property: 'randomUUID', message: 'Chance is handed in.' },
      ],
    },
  },
  { files: ['e2e/**/*.ts', 'proxy/**/*.ts'], rules: { 'no-console': 'off' } },
)
