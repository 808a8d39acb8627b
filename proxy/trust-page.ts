/**
 * `/trust`: how a tablet comes to trust the shop's own certificate authority. Served over plain HTTP beside the terminal,
 * because a tablet that doesn't trust it yet can't open the HTTPS side. Nothing else is served there, and nothing of it
 * is secret: the certificate without its key, and its fingerprint.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { fingerprintOf } from './certificates.ts'
import type { ProxyEnv } from './env.ts'
import { hostName } from './security.ts'
import { LANGUAGE_NAMES, TRUST_LANGUAGES, TRUST_WORDS, type TrustLanguage } from './trust-words.ts'

export const TRUST_PATH = '/trust'
const AUTHORITY_PATH = '/trust/ca.crt'
const FILE_NAME = 'cashier-terminal-ca.crt'

const STYLE = `:root{color-scheme:light dark}
body{font:18px/1.5 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1rem}
a.button{display:inline-block;min-height:48px;padding:.6rem 1.2rem;border-radius:12px;background:#0b57d0;color:#fff;text-decoration:none}
nav a{display:inline-block;padding:.7rem .8rem .7rem 0}
code{overflow-wrap:anywhere}`
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

function languageOf(asked: string | undefined, header: string | undefined): TrustLanguage {
  const wished = [asked ?? '', ...(header ?? '').slice(0, 200).split(',')].map((part) =>
    part.trim().slice(0, 2).toLowerCase(),
  )
  return wished.flatMap((code) => TRUST_LANGUAGES.find((language) => language === code) ?? [])[0] ?? 'ru'
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function page(language: TrustLanguage, fingerprint: string, terminal: string): string {
  const words = TRUST_WORDS[language]
  const steps = (title: string, list: readonly string[]) =>
    `<h2>${title}</h2><ol>${list.map((step) => `<li>${escaped(step)}</li>`).join('')}</ol>`
  const languages = TRUST_LANGUAGES.map(
    (each) => `<a lang="${each}" href="${TRUST_PATH}?lang=${each}">${LANGUAGE_NAMES[each]}</a>`,
  )
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(words.title)}</title><style>${STYLE}</style></head>
<body><nav>${languages.join(' ')}</nav><main><h1>${escaped(words.title)}</h1><p>${escaped(words.why)}</p>
<p><a class="button" href="${AUTHORITY_PATH}" download="${FILE_NAME}">${escaped(words.download)}</a></p>
<p>${escaped(words.fingerprint)}<br><code>${fingerprint}</code></p>
${steps('Android', words.android)}${steps('iPadOS', words.ipad)}${steps('Windows', words.windows)}
<p><a class="button" href="${escaped(terminal)}">${escaped(words.open)}</a></p></main></body></html>`
}

/** `authority` is the certificate's file, `terminal` the terminal's address for a caller who named none. */
export function trustRoutes(
  authority: string,
  terminal: { readonly origin: string; readonly port: number },
): Hono<ProxyEnv> {
  const routes = new Hono<ProxyEnv>()
  routes.get(TRUST_PATH, (context) => {
    const name = hostName(context.req.header('host'))
    const host = name?.includes(':') === true ? `[${name}]` : name
    const address = host === null ? terminal.origin : `https://${host}:${terminal.port}/`
    const language = languageOf(context.req.query('lang'), context.req.header('accept-language'))
    return context.html(page(language, fingerprintOf(authority), address), 200, {
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
      vary: 'Accept-Language',
    })
  })
  routes.get(AUTHORITY_PATH, (context) =>
    context.body(readFileSync(authority), 200, {
      'content-type': 'application/x-x509-ca-cert',
      'content-disposition': `attachment; filename="${FILE_NAME}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    }),
  )
  return routes
}

/** The plain HTTP side: the page and the certificate, and for everything else the way to the page. */
export function createTrustApp(
  authority: string,
  terminal: { readonly origin: string; readonly port: number },
): Hono<ProxyEnv> {
  const app = new Hono<ProxyEnv>()
  app.route('/', trustRoutes(authority, terminal))
  app.get('*', (context) => context.redirect(TRUST_PATH, 302))
  app.notFound((context) => context.text('Not found', 404))
  return app
}
