/** The import rules of README.md's architecture part, checked by a tool. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(src|proxy|e2e)/', pathNot: [from, ...allowed] },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('contract-is-a-leaf', '^src/contract/', [], 'schemas and types shared by app, proxy and device model'),
    only('domain-is-pure', '^src/domain/', ['^src/contract/'], 'money rules know nothing of devices or screens'),
    only('demo-is-pure', '^src/demo/', ['^src/contract/', '^src/domain/'], 'the device model runs anywhere'),
    only('ikkm', '^src/ikkm/', ['^src/contract/', '^src/domain/', '^src/demo/'], 'the demo transport runs the device model'),
    only('queue', '^src/queue/', ['^src/contract/', '^src/domain/', '^src/ikkm/'], 'the queue speaks through the codec'),
    only('storage', '^src/storage/', ['^src/contract/', '^src/domain/', '^src/ikkm/', '^src/queue/'], 'storage keeps what the queue defines'),
    only('backoffice', '^src/backoffice/', ['^src/contract/', '^src/domain/'], 'client of the proxy'),
    only('ui', '^src/ui/', [], 'building blocks without business words'),
    only('i18n', '^src/i18n/', [], 'words only'),
    only('stores', '^src/stores/', ['^src/(contract|domain|ikkm|queue|storage|backoffice|i18n)/'], 'projections of state and commands'),
    only('features', '^src/features/', ['^src/(contract|domain|ikkm|queue|storage|backoffice|stores|ui|i18n)/'], 'screens'),
    only('proxy', '^proxy/', ['^src/(contract|domain|demo)/', '^e2e/emulators/'], 'the proxy shares only contracts with the app'),
    only('emulators', '^e2e/emulators/', ['^src/(contract|domain|demo)/'], 'emulators run the device model'),
    {
      name: 'pure-folders-know-no-io',
      severity: 'error',
      from: { path: '^src/(domain|demo|contract|queue)/', pathNot: '\\.test\\.ts$|^src/queue/runner/' },
      to: { path: 'node_modules/(vue|idb|ofetch|pinia|vue-router|workbox-window)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.app.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.vue', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}
