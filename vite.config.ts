import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import packageJson from './package.json' with { type: 'json' }

const proxyOrigin = process.env.PROXY_ORIGIN ?? 'http://127.0.0.1:8787'

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
      // The framework in one piece: packed together it is a kilobyte smaller than in five, and it changes least often.
      output: {
        codeSplitting: { groups: [{ name: 'vue', test: /node_modules\/(?:@vue|vue|pinia|vue-router)\// }] },
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
