/** What hono's context carries in this proxy. */
import type { HttpBindings } from '@hono/node-server'
import type { Role } from './access.ts'

export interface ProxyEnv {
  Bindings: Partial<HttpBindings>
  Variables: {
    requestId: string
    /** Who asks: the role of the token, or `local` for somebody at this machine without one. Set behind the access guard. */
    role: Role | 'local'
    /** Id in the token, or `local`. */
    token: string
  }
}
