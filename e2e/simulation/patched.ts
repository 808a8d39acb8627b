/**
 * The product's code with a deliberate defect in it: lines of the source are replaced while it is put together, so the
 * product itself has no switch for a test. A line that isn't there any more is an error: a defect never passes unseen.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { Plugin, Rolldown } from 'vite'

export interface Patch {
  /** Under `src/queue/`. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  /** May use what `wrong-rules.ts` exports, as `wrong.name`. */
  readonly put: string
}

const QUEUE = fileURLToPath(new URL('../../src/queue/', import.meta.url)).replaceAll('\\', '/')

const WRONG = fileURLToPath(new URL('./wrong-rules.ts', import.meta.url)).replaceAll('\\', '/')

function patching(patches: readonly Patch[], met: Set<Patch>): Plugin {
  return {
    name: 'patched',
    enforce: 'pre',
    transform(code, id) {
      let changed = code
      for (const patch of patches) {
        if (id !== `${QUEUE}${patch.file}`) continue
        const parts = changed.split(patch.find)
        if (parts.length !== 2) {
          throw new Error(`${patch.file} has ${parts.length - 1} times what is to be replaced: ${patch.find}`)
        }
        changed = parts.join(patch.put)
        met.add(patch)
      }
      if (changed === code) return null
      // Wrong rules stand beside the simulation.
      return { code: `import * as wrong from ${JSON.stringify(WRONG)}\n${changed}`, map: null }
    },
  }
}

/** A module of this folder over the patched source. Rejects where a patch meets nothing. `T`: what the module exports. */
export async function patched<T>(entry: string, patches: readonly Patch[]): Promise<T> {
  const met = new Set<Patch>()
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    plugins: [patching(patches, met)],
    build: {
      ssr: fileURLToPath(new URL(entry, import.meta.url)),
      write: false,
      minify: false,
      reportCompressedSize: false,
      target: 'node20',
    },
    ssr: { noExternal: true },
  })) as Rolldown.RolldownOutput
  const unmet = patches.find((patch) => !met.has(patch))
  if (unmet !== undefined) throw new Error(`nothing loads ${unmet.file}`)
  const { code } = built.output[0]
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as T
}
