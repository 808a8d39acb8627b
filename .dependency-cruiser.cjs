/** The import rules of README.md's architecture part, checked by a tool. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(src|proxy|e2e)/', pathNot: [from, ...allowed] },
})

/**
 * The rooms of `src/features`, and which others each may enter. `App.vue`, `main.ts` and the router enter all of them;
 * nobody enters the shell. What several rooms need stands in one that they may all enter.
 */
const ROOMS = {
  common: [],
  export: [],
  scanner: ['common'],
  attention: ['common'],
  office: ['common'],
  atol: ['common', 'office'],
  iiko: ['common', 'office'],
  card: ['common'],
  cashiers: ['common'],
  catalog: ['common', 'office', 'scanner'],
  debts: ['common'],
  device: ['common', 'attention', 'office', 'scanner'],
  journal: ['common', 'export'],
  payment: ['common', 'debts', 'ways'],
  queue: ['common', 'attention', 'card'],
  sale: ['common', 'card', 'catalog', 'device', 'payment', 'scanner'],
  settings: ['common', 'ways'],
  setup: ['common', 'device', 'office', 'scanner'],
  shell: ['common', 'attention'],
  shift: ['common', 'attention', 'export'],
  stock: ['common', 'catalog', 'export', 'scanner'],
  ways: ['common'],
}

/** A list that allows a way back to the room itself would allow a cycle. */
const reach = (room, from = room) =>
  ROOMS[from].forEach((next) => {
    if (next === room) throw new Error(`the rooms of .dependency-cruiser.cjs let ${room} enter itself by ${from}`)
    reach(room, next)
  })
for (const room of Object.keys(ROOMS)) reach(room)

const folders = (names) => names.map((name) => `^src/features/${name}/`)
const rooms = [
  ...Object.entries(ROOMS).map(([room, others]) => ({
    name: `room-${room}`,
    comment: 'the list of rooms says who enters whom, so that they form no cycle',
    severity: 'error',
    from: { path: folders([room]) },
    to: { path: '^src/features/', pathNot: folders([room, ...others]) },
  })),
  {
    name: 'room-unlisted',
    comment: 'a new folder of src/features has its line in the list of rooms',
    severity: 'error',
    from: { path: '^src/features/', pathNot: folders(Object.keys(ROOMS)) },
    to: {},
  },
]

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('contract-is-a-leaf', '^src/contract/', [], 'schemas and types shared by app, proxy and device model'),
    only('domain-is-pure', '^src/domain/', ['^src/contract/'], 'money rules know nothing of devices or screens'),
    only(
      'device-model-is-pure',
      '^src/device-model/',
      ['^src/contract/', '^src/domain/'],
      'the device model runs anywhere',
    ),
    only(
      'ikkm',
      '^src/ikkm/',
      ['^src/contract/', '^src/domain/', '^src/device-model/', '^src/http/'],
      'the demo transport runs the device model',
    ),
    only(
      'queue',
      '^src/queue/',
      ['^src/contract/', '^src/domain/', '^src/ikkm/'],
      'the queue speaks through the codec',
    ),
    only(
      'storage',
      '^src/storage/',
      ['^src/contract/', '^src/domain/', '^src/ikkm/', '^src/queue/'],
      'storage keeps what the queue defines',
    ),
    only('http', '^src/http/', [], 'the one HTTP client of the page'),
    only('backoffice', '^src/backoffice/', ['^src/contract/', '^src/domain/', '^src/http/'], 'client of the proxy'),
    only('ui', '^src/ui/', [], 'building blocks without business words'),
    only('i18n', '^src/i18n/', [], 'words only'),
    only(
      'stores',
      '^src/stores/',
      ['^src/(contract|domain|ikkm|queue|storage|backoffice|i18n|till)/'],
      'projections of state and commands',
    ),
    only(
      'till',
      '^src/till/',
      ['^src/(contract|domain|ikkm|queue|storage|backoffice|i18n|stores)/'],
      'what the till does between its screens and the queue: rights, plans, reads, and what stores need from outside',
    ),
    only(
      'features',
      '^src/features/',
      ['^src/(contract|domain|ikkm|queue|storage|backoffice|stores|till|ui|i18n)/'],
      'screens',
    ),
    ...rooms,
    only(
      'shop',
      '^src/shop/',
      ['^src/(contract|domain|http|ui|i18n)/', '^src/features/export/'],
      'the owner’s page is another app: it opens nothing of a till',
    ),
    only(
      'proxy',
      '^proxy/',
      ['^src/(contract|domain|device-model)/', '^src/queue/types\\.ts$', '^e2e/emulators/'],
      'the proxy shares contracts and the shape of an entry with the app',
    ),
    only(
      'emulators',
      '^e2e/emulators/',
      ['^src/(contract|domain|device-model)/', '^proxy/models/'],
      'emulators run the device model and the models of iiko and ATOL',
    ),
    {
      name: 'pure-folders-know-no-io',
      severity: 'error',
      from: { path: '^src/(domain|device-model|contract|queue)/', pathNot: '\\.test\\.ts$|^src/queue/runner/' },
      to: { path: 'node_modules/(vue|idb|ofetch|pinia|vue-router|workbox-window)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.app.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
}
