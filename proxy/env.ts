/** What hono's context carries in this proxy. */
import type { HttpBindings } from '@hono/node-server'

export interface ProxyEnv {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string }
}
