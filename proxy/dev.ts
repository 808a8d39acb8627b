/** `npm run dev`: the proxy's API and Vite's dev server, which passes `/api` on to it. */
import { createServer } from 'vite'
import { loadSettings } from './config.ts'
import { createLogger } from './log.ts'
import { startProxy } from './server.ts'

const VITE_PORT = 5173
// Vite's proxy names the API as host and leaves the page's origin as it is: to the API that page is a foreign one.
const pages = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${VITE_PORT}`)

const settings = loadSettings(process.env)
const logger = createLogger((line) => process.stderr.write(`${line}\n`))
const allowedOrigins = [...settings.allowedOrigins, ...pages]
const proxy = await startProxy({ ...settings, allowedOrigins }, { logger, withoutApp: true })
// vite.config.ts reads it.
process.env.PROXY_ORIGIN = proxy.origin
const vite = await createServer({ server: { port: VITE_PORT, strictPort: true } })
await vite.listen()
vite.printUrls()
console.log(`API: ${proxy.origin}`)

const stop = () => {
  void Promise.all([vite.close(), proxy.close()]).then(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
