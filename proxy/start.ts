/**
 * Builds the terminal and serves it, in one process. `vite build && tsx proxy/main.ts` leaves the proxy running when
 * npm is stopped: the shell between them doesn't pass the signal on, and the iiko licence slot is never given back.
 */
import { build } from 'vite'

await build({ logLevel: 'warn' })
await import('./main.ts')
