import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import packageJson from './package.json' with { type: 'json' }

const proxyOrigin = process.env.PROXY_ORIGIN ?? 'http://127.0.0.1:8787'

/** The words that the first screen doesn't need, one piece a language. */
const wordsOf = (id: string) => {
  const language = /\/i18n\/(\w\w)\/(?!selling|asking)|\/error-texts-(\w\w)/.exec(id)
  return language === null ? null : `words-${language[1] ?? language[2]}`
}

/** Screens that are opened together come together. */
const featureOf = (id: string) => /\/src\/features\/(\w+)\//.exec(id)?.[1] ?? null

/** What several screens work with. */
const SHARED = /\/src\/(?:backoffice|contract|domain|ikkm|queue|storage|stores)\//

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
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false,
      // The manifest is a plain file in public/, so that a person can read what is installed.
      manifest: false,
      injectManifest: {
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
      output: {
        codeSplitting: {
          groups: [
            // The framework changes least often.
            { name: 'vue', test: /node_modules\/(?:@vue|vue|pinia|vue-router)\//, priority: 4 },
            { name: 'till', tags: ['$initial'], priority: 3 },
            { name: wordsOf, priority: 2 },
            { name: 'demo', test: /\/src\/demo\//, priority: 2 },
            { name: 'ui', test: /\/src\/ui\//, priority: 2 },
            { name: 'shared', test: SHARED, entriesAware: true, entriesAwareMergeThreshold: 20_000, priority: 2 },
            { name: featureOf, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': proxyOrigin, '/healthz': proxyOrigin } },
  test: {
    include: ['src/**/*.test.ts', 'proxy/**/*.test.ts', 'e2e/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
  },
})
