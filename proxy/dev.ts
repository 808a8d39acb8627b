/** `npm run dev`: the proxy's API and Vite's dev server, which passes `/api` on to it. */
import { createServer } from 'vite'
import { loadSettings } from './config.ts'
import { createLogger } from './log.ts'
import { startProxy } from './server.ts'

const settings = loadSettings(process.env)
const logger = createLogger((line) => process.stderr.write(`${line}\n`))
const proxy = await startProxy(settings, { logger, withoutApp: true })
// vite.config.ts reads it.
process.env.PROXY_ORIGIN = proxy.origin
const vite = await createServer()
await vite.listen()
vite.printUrls()
console.log(`API: ${proxy.origin}`)

const stop = () => {
  void Promise.all([vite.close(), proxy.close()]).then(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
