/**
 * Faults of the till that were there once (`cases/till.md`), each as a change of today's source that brings it back. The
 * walk must catch every one of them, or it proves nothing. The product has no switches for this: the text is replaced
 * while a build of its own is made.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build, type Plugin } from 'vite'
import type { ViolationKind } from './model.ts'
import type { ProfileName } from './plan.ts'

interface Patch {
  /** From the project's folder. */
  readonly file: string
  /** Stands there exactly once. */
  readonly from: string
  readonly to: string
}

export interface Defect {
  /** Number of the case, and what goes wrong. */
  readonly name: string
  /** Walks that meet it soon. */
  readonly profile: ProfileName
  /** Promises that it breaks: another violation is no proof. */
  readonly breaks: readonly ViolationKind[]
  readonly patches: readonly Patch[]
}

export const DEFECTS: readonly Defect[] = [
  {
    name: '1: an id that is known is a success whatever its content',
    profile: 'windows',
    breaks: ['lost', 'misattributed', 'content'],
    patches: [
      {
        file: 'src/queue/store.ts',
        from: 'return contentOf(entry) === contentOf(draft)',
        to: "return contentOf(entry) !== ''",
      },
      {
        file: 'src/storage/cart-repository.ts',
        from: 'const own = () => `${OPEN()}:${options.window.id}`',
        to: 'const own = () => `${OPEN()}:all windows`',
      },
    ],
  },
  {
    name: '1: all windows share one open receipt',
    profile: 'windows',
    breaks: ['lost', 'misattributed', 'content'],
    patches: [
      {
        file: 'src/storage/cart-repository.ts',
        from: 'const own = () => `${OPEN()}:${options.window.id}`',
        to: 'const own = () => `${OPEN()}:all windows`',
      },
    ],
  },
  {
    name: '2: settings are written whole from a stale copy',
    profile: 'settings',
    breaks: ['field'],
    patches: [
      {
        file: 'src/stores/settings.ts',
        from: '({ ...record(stored), ...fields })',
        to: '({ ...record(stored), ...(JSON.parse(JSON.stringify(values.value)) as object) })',
      },
      { file: 'src/stores/settings.ts', from: 'if (pending > 0) return', to: 'if (loaded.value) return' },
    ],
  },
  {
    name: '4: what just came takes a tap',
    profile: 'taps',
    breaks: ['unsold', 'vanished'],
    patches: [
      {
        file: 'src/ui/steady.ts',
        from: "return settled.value && (event.type === 'click' ? clickBeganAt : momentOf(event)) >= settledAt",
        to: "return event.type !== ''",
      },
      { file: 'src/ui/steady.ts', from: 'settled: readonly(settled),', to: 'settled: readonly(ref(true)),' },
    ],
  },
  {
    name: '5: a link re-points the till without a question',
    profile: 'links',
    breaks: ['relinked'],
    patches: [
      {
        file: 'src/stores/setup.ts',
        from: 'if (exchange.value !== null && !(confirmed && sameQuestion(seen, exchange.value))) return',
        to: 'exchange.value = confirmed && sameQuestion(seen, exchange.value) ? exchange.value : null',
      },
      { file: 'src/features/setup/SetupPage.vue', from: 'if (!inUse) return connect()', to: 'return connect()' },
    ],
  },
  {
    name: '6: what waits for a real register is not counted in the demo',
    profile: 'links',
    breaks: ['hidden'],
    patches: [
      {
        file: 'src/stores/queue.ts',
        from: "atOtherRegisters.value = [...found(here, 'inUse'), ...found(there, other)]",
        to: "atOtherRegisters.value = found(here, 'inUse')",
      },
    ],
  },
  {
    name: '8: every tablet prints A-0001',
    profile: 'twoTills',
    breaks: ['markTwice'],
    patches: [
      {
        file: 'src/queue/store.ts',
        from: 'const mark = markOf(markPrefix, sequence)',
        to: "const mark = markOf('A', sequence)",
      },
    ],
  },
  {
    name: '9: one register gets two records',
    profile: 'identity',
    breaks: ['misattributed', 'content', 'lost', 'unsold', 'stuck'],
    patches: [
      {
        file: 'src/compose/record-of.ts',
        from: 'best(own.filter((record) => serial !== null && record.serial === serial)) ??',
        to: '',
      },
      {
        file: 'src/queue/machine.ts',
        from: 'if (device.sameAs !== undefined || device.mergedInto !== undefined) return yield* pause(null)',
        to: '',
      },
    ],
  },
  {
    name: '10: a key typed for a known register is thrown away',
    profile: 'identity',
    breaks: ['keyAskedAgain'],
    patches: [
      {
        file: 'src/compose/setup-gateway.ts',
        from: 'if (record.key === key) return id',
        to: 'if (record.key !== null) return id',
      },
    ],
  },
  {
    name: '13: nobody asks for the right where an operation is enqueued',
    profile: 'roles',
    breaks: ['right'],
    patches: [
      {
        file: 'src/till/guard.ts',
        from: '(await refusalFor(rightsOf({ id, build }, options?.corrects))) ?? queue.enqueue(id, build, options)',
        to: 'queue.enqueue(id, build, options)',
      },
    ],
  },
  {
    name: 'found by the walk: a discount that no database can hold',
    profile: 'general',
    breaks: ['console'],
    patches: [
      {
        file: 'src/features/sale/ReceiptDiscountDialog.vue',
        from: 'const discount = shallowRef<Discount | null>(cart.discount)',
        to: 'const discount = ref<Discount | null>(cart.discount)',
      },
      {
        file: 'src/features/sale/ReceiptDiscountDialog.vue',
        from: "import { computed, shallowRef } from 'vue'",
        to: "import { computed, ref } from 'vue'",
      },
    ],
  },
]

const root = resolve(import.meta.dirname, '../..')

/** Patches whose text doesn't stand in the source exactly once: the defect means nothing any more. */
function missingTexts({ patches }: Defect): readonly string[] {
  return patches.flatMap(({ file, from }) => {
    let source = ''
    try {
      source = readFileSync(resolve(root, file), 'utf8')
    } catch {
      // Said below: the text isn't there.
    }
    return source.split(from).length === 2 ? [] : [`${file}: ${from}`]
  })
}

function bringBack({ patches }: Defect): Plugin {
  return {
    name: 'defect',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0] ?? id
      const own = patches.filter((patch) => resolve(root, patch.file) === file)
      return own.length === 0 ? null : own.reduce((source, { from, to }) => source.replace(from, to), code)
    },
  }
}

/** Builds the till with this defect into a folder. Throws an Error when its text is gone from the source. */
export async function buildWith(defect: Defect, outDir: string): Promise<void> {
  const missing = missingTexts(defect)
  if (missing.length > 0) throw new Error(`"${defect.name}" isn't in the source: ${missing.join('; ')}`)
  await build({
    root,
    configFile: resolve(root, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [bringBack(defect)],
    build: { outDir, emptyOutDir: true },
  })
}
