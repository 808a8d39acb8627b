import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import packageJson from './package.json' with { type: 'json' }

const proxyOrigin = process.env.PROXY_ORIGIN ?? 'http://127.0.0.1:8787'

/** What is loaded together is one file: a till over the shop's Wi-Fi shouldn't fetch 150 of them. */
const pieces = [
  // The framework changes least often.
  { name: 'vue', test: /node_modules\/(?:@vue|vue|pinia)\//, priority: 6 },
  { name: 'router', test: /node_modules\/vue-router\//, priority: 5 },
  { name: 'till', tags: ['$initial'], priority: 4 },
  { name: 'schemas', test: /node_modules\/valibot\/|\/src\/(?:backoffice|contract|http)\//, priority: 3 },
  // The words that the first screen doesn't need, one piece a language.
  {
    name: (id: string) => {
      const language = /\/i18n\/(\w\w)\/(?!selling|dialogs)|\/error-texts-(\w\w)/.exec(id)
      return language === null ? null : `words-${language[1] ?? language[2]}`
    },
    priority: 4,
  },
  { name: 'first-start', test: /\/src\/(?:device-model\/|compose\/(?:demo-|setup-|device-record))/, priority: 3 },
  // The search of the catalogue, for whoever types a name: with nothing else that would come along.
  { name: 'search', test: /\/domain\/search/, priority: 3 },
  // What every start fetches once the first screen stands; what it shares with the others is there from then on.
  {
    name: 'shell',
    test: /\/features\/(?:shell|attention|common)\/|\/ui\/later-icons|\/compose\/(?:updates|storage-guard)|\/first-load\.|\/lazy-pair-dialog\./,
    priority: 2,
  },
  // The queue's steps that an ordinary sale doesn't take (`rare-steps.ts`): in one piece of nothing else.
  {
    name: 'queue-steps',
    test: /\/queue\/(?:rare-steps|bank-leg|cash|first-shift|printouts|shift-close|reconcile|question-answers)\.|\/ikkm\/(?:cheques|bank-replies)\./,
    priority: 3,
  },
  // The same for what asks over the sale: it must not bring a whole screen along with it.
  { name: 'sale', test: /\/features\/(?:sale\/|device\/PaperPreview)/, priority: 2 },
  // What iiko's and ATOL's screens share: in `shared` it would lie on both sides of a circle of pieces (`size.ts`).
  {
    name: 'office-data',
    test: /\/src\/(?:stores\/(?:iiko|atol)|storage\/(?:acceptance-drafts|backoffice-cache)|till\/(?:backoffice-view|iiko-draft))/,
    priority: 2,
  },
  { name: 'ui', test: /\/src\/ui\//, priority: 1 },
  {
    name: 'shared',
    test: /\/src\/(?:backoffice|contract|domain|ikkm|queue|storage|stores|till)\//,
    entriesAware: true,
    entriesAwareMergeThreshold: 20_000,
    priority: 1,
  },
  // Screens of one kind are opened together.
  { name: (id: string) => /\/src\/features\/(\w+)\//.exec(id)?.[1] ?? null, priority: 0 },
] satisfies Rolldown.CodeSplittingGroup[]

/** The package's other file carries the part for developers that saves files: 2 kB that nobody here can reach. */
function lightPinia(): Plugin {
  const replacement = fileURLToPath(new URL('node_modules/pinia/dist/pinia.esm-browser.prod.js', import.meta.url))
  return {
    name: 'light-pinia',
    apply: 'build',
    config: () => ({ resolve: { alias: [{ find: /^pinia$/, replacement }] } }),
  }
}

const SRC = resolve(import.meta.dirname, 'src')
const components = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.vue'))
  .map((path) => join(SRC, path))
  .sort()

/** What marks the parts of a component, so that its style reaches nothing else: its place among all of them. */
function scopeOf(path: string): string {
  const known = components.indexOf(resolve(import.meta.dirname, path))
  // A component that was added while the development server runs.
  return (known >= 0 ? known : components.push(resolve(import.meta.dirname, path)) - 1).toString(36)
}

/**
 * A component's name serves tools for developers only, and its scope is set by a call of its own: some 25 bytes a
 * component. Here the scope stands in the component itself, where the name was.
 */
function lightComponents(): Plugin {
  return {
    name: 'light-components',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /\.vue(?:\?vue&type=script.*)?$/ },
      handler(code, id) {
        const [path = ''] = id.split('?')
        const scope = scopeOf(path)
        if (path !== id) {
          const own = readFileSync(path, 'utf8').includes('<style ') ? `__scopeId: "data-v-${scope}",` : ''
          const light = code.replace(/\b__name: *["'][^"']*["'],/, own)
          if (light === code) this.error(`${id}: the compiler names a component in another way by now`)
          return { code: light, map: null }
        }
        const light = code.replace(
          /(?:\/\*\s*[#@]__PURE__\s*\*\/\s*)?_export_sfc\((\w+), *\[\[["']__scopeId["'], *"data-v-(\w+)"\]\]\)/,
          (call, main, set) => (set === scope ? String(main) : String(call)),
        )
        if (light.includes('__scopeId')) this.error(`${id}: the compiler sets the scope in another way by now`)
        return light === code ? null : { code: light, map: null }
      },
    },
  }
}

/** The words that nearly every shop reads first come along with the code instead of after it. */
function firstWords(): Plugin {
  return {
    name: 'first-words',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const words = Object.values(bundle).find(
          (file) => file.type === 'chunk' && file.facadeModuleId?.endsWith('/i18n/ru/selling.ts'),
        )
        if (words === undefined) throw new Error('the first words are in another file by now')
        const attrs = { rel: 'modulepreload', crossorigin: true, href: `/${words.fileName}` }
        return [{ tag: 'link', attrs, injectTo: 'head' }]
      },
    },
  }
}

export default defineConfig({
  define: {
    // A test builds the next version by this variable.
    __APP_VERSION__: JSON.stringify(process.env.APP_VERSION ?? packageJson.version),
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_JIT_COMPILATION__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  plugins: [
    vue({ features: { componentIdGenerator: (path) => scopeOf(path) } }),
    lightComponents(),
    firstWords(),
    lightPinia(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false,
      // The manifest is a plain file in public/, so that a person can read what is installed.
      manifest: false,
      injectManifest: {
        // One file either way; the other format asks the bundler for it by a name that it gave up.
        rollupFormat: 'iife',
        // The camera's reader too (1.1 MB): a scanner that only works with a network is none.
        globPatterns: ['**/*.{js,css,html,svg,png,ico,webmanifest,woff2,wasm}'],
        globIgnores: ['screenshots/**'],
      },
    }),
  ],
  // The worker fetches the library for workbooks only when one is read.
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    sourcemap: false,
    manifest: true,
    modulePreload: {
      polyfill: false,
      // A piece brings its imports along itself; the list of them all would be in everybody's way to the first sale.
      resolveDependencies: (_file, needed, { hostType }) =>
        hostType === 'js' ? needed.filter((file) => file.endsWith('.css')) : needed,
    },
    // `npm start` builds: its first words are not how long plugins took.
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        codeSplitting: { groups: pieces },
        // Who shares a piece would stand in its name, and every name in the entry.
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0] ?? name}-[hash].js`,
      },
    },
  },
  server: { proxy: { '/api': proxyOrigin, '/healthz': proxyOrigin } },
  test: {
    include: ['src/**/*.test.ts', 'proxy/**/*.test.ts', 'e2e/**/*.test.ts'],
    // `x.slow.test.ts` starts servers, waits for real pauses or tries thousands of cases: `npm run check` leaves it out.
    exclude: ['node_modules/**', ...(process.env.UNIT_PART === 'quick' ? ['**/*.slow.test.ts'] : [])],
    environment: 'node',
    testTimeout: 30_000,
  },
})
