/** Names for iiko's ids; where a list couldn't be read the id stands there shortened, and nothing breaks. */
import { computed } from 'vue'
import { useIikoStore } from '../../stores/iiko.ts'

const SHORT = 8

interface Named {
  readonly id: string
  readonly name: string
}

/** First characters of an id that has no name. */
export function shortId(id: string): string {
  return id.length > SHORT ? `${id.slice(0, SHORT)}…` : id
}

function index(rows: readonly Named[] | undefined): ReadonlyMap<string, string> {
  return new Map((rows ?? []).map((row) => [row.id, row.name]))
}

export function useIikoNames() {
  const iiko = useIikoStore()
  const maps = computed(() => {
    const names = iiko.names.data
    return {
      account: index(names?.accounts),
      person: index(names?.counteragents),
      department: index(names?.departments),
      group: index(names?.groups),
      point: index(names?.pointsOfSale),
      paymentType: index(names?.paymentTypes),
      conception: index(names?.conceptions),
    }
  })
  type Kind = keyof typeof maps.value

  /** The name, the shortened id where it isn't known, an empty text for no id. */
  function nameOf(kind: Kind, id: string | null): string {
    if (id === null || id === '') return ''
    const name = maps.value[kind].get(id)
    return name === undefined || name === '' ? shortId(id) : name
  }
  return { nameOf }
}
