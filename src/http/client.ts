/** The page's one HTTP client: whoever talks to the shop's server goes through it, so that its rules stand once. */
import { ofetch } from 'ofetch'

/**
 * Nothing is tried again by itself (the caller knows what a second request would do), every status comes back as an
 * answer, bodies are texts that the caller decodes by a schema, nothing comes from a cache, no redirect is followed.
 */
export const http = ofetch.create({
  retry: 0,
  ignoreResponseError: true,
  responseType: 'text',
  cache: 'no-store',
  redirect: 'error',
})
