import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import packageJson from './package.json' with { type: 'json' }

const proxyOrigin = process.env.PROXY_ORIGIN ?? 'http://127.0.0.1:8787'

/** What is loaded together is one file: a till over the shop's Wi-Fi shouldn't fetch 150 of them. */
const pieces = [
  // The framework changes least often.
  { name: 'vue', test: /node_modules\/(?:@vue|vue|pinia|vue-router)\//, priority: 6 },
  { name: 'till', tags: ['$initial'], priority: 4 },
  { name: 'schemas', test: /node_modules\/valibot\//, priority: 3 },
  // The words that the first screen doesn't need, one piece a language.
  {
    name: (id: string) => {
      const language = /\/i18n\/(\w\w)\/(?!selling|asking)|\/error-texts-(\w\w)/.exec(id)
      return language === null ? null : `words-${language[1] ?? language[2]}`
    },
    priority: 4,
  },
  { name: 'first-start', test: /\/src\/(?:demo\/|compose\/(?:demo-|setup-))/, priority: 3 },
  // What every start fetches once the first screen stands; what it shares with the others is there from then on.
  {
    name: 'shell',
    test: /\/features\/shell\/|\/compose\/(?:updates|storage-guard)|\/first-load\.|\/lazy-pair-dialog\./,
    priority: 2,
  },
  // The same for what asks over the sale: it must not bring a whole screen along with it.
  { name: 'sale', test: /\/features\/(?:sale\/|device\/(?:PaperPreview|paper\.))/, priority: 2 },
  { name: 'ui', test: /\/src\/ui\//, priority: 1 },
  {
    name: 'shared',
    test: /\/src\/(?:backoffice|contract|domain|ikkm|queue|storage|stores)\//,
    entriesAware: true,
    entriesAwareMergeThreshold: 20_000,
    priority: 1,
  },
  // Screens of one kind are opened together.
  { name: (id: string) => /\/src\/features\/(\w+)\//.exec(id)?.[1] ?? null, priority: 0 },
] satisfies Rolldown.CodeSplittingGroup[]

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
    vue(),
    firstWords(),
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
  build: {
    target: 'es2022',
    sourcemap: false,
    manifest: true,
    modulePreload: { polyfill: false },
    // `npm start` builds: its first words are not how long plugins took.
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { codeSplitting: { groups: pieces } },
    },
  },
  server: { proxy: { '/api': proxyOrigin, '/healthz': proxyOrigin } },
  test: {
    include: ['src/**/*.test.ts', 'proxy/**/*.test.ts', 'e2e/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
  },
})
