/** Who is at the till: in and out, wrong PINs, and the list of cashiers. */
import { goTo, isLocked, signIn } from './moves.ts'
import type { Person } from './model.ts'
import { inWindow, type Step } from './step.ts'
import { hookOf, shows } from './walk.ts'

/** The people that a till with cashiers begins with. */
export const PEOPLE: readonly Person[] = [
  { name: 'Айгүл', role: 'admin', pin: '4321', active: true },
  { name: 'Сергей', role: 'senior', pin: '2222', active: true },
  { name: 'Иван', role: 'cashier', pin: '1111', active: true },
]

export const cashierSteps = {
  signOut: inWindow(2, 'roles', async (walk, window) => {
    const look = await walk.see(window)
    if (isLocked(look) || look.cashier === '' || !(await window.tap({ selector: '.cashier-link' }))) return null
    await walk.until(window, isLocked, 800)
    return `signs ${look.cashier} out`
  }),

  signIn: inWindow(5, 'roles', async (walk, window, random) => {
    const look = await walk.see(window)
    const people = walk.till(window).model.people.filter((person) => person.active)
    if (people.length === 0) return null
    const person = random.chance(0.5)
      ? (people.find(({ role }) => role === 'cashier') ?? random.pick(people))
      : random.pick(people)
    if (!isLocked(look)) {
      if (look.cashier === '' || !(await window.tap({ selector: '.cashier-link' }))) return null
      if ((await walk.until(window, isLocked, 800)) === null) return null
    }
    return (await signIn(walk, window, person)) ? `signs ${person.name} in` : null
  }),

  wrongPin: inWindow(2, 'roles', async (walk, window, random) => {
    const person = walk.till(window).model.people.find(({ active }) => active)
    if (person === undefined) return null
    const look = await walk.see(window)
    if (!isLocked(look)) {
      if (look.cashier === '' || !(await window.tap({ selector: '.cashier-link' }))) return null
      if ((await walk.until(window, isLocked, 800)) === null) return null
    }
    const opened = await signIn(walk, window, person, String(random.between(5_000, 9_999)))
    if (opened) walk.model.blame('right', `a wrong PIN opened ${window.name} as ${person.name}`)
    return `types a wrong PIN of ${person.name}`
  }),

  addCashier: inWindow(1, 'roles', async (walk, window, random) => {
    const { people } = walk.till(window).model
    if (!people.some(({ active }) => active) || people.length > 6) return null
    if (!(await goTo(walk, window, '/cashiers')) || !(await window.tap('cashier-add', 500))) return null
    const person: Person = {
      name: `Кассир ${people.length}`,
      role: random.pick(['cashier', 'senior']),
      pin: String(random.between(1_000, 4_999)),
      active: true,
    }
    await window.fill('cashier-name', person.name)
    await window.fill('cashier-new-pin', person.pin)
    await window.tap(`role-${person.role}`)
    if (!(await window.tap('cashier-save'))) return null
    if ((await walk.until(window, (look) => look.dialogs === 0, 1_500)) === null) return null
    people.push(person)
    return `adds ${person.name} as ${person.role}`
  }),

  removeCashier: inWindow(1, 'roles', async (walk, window, random) => {
    const { people } = walk.till(window).model
    const others = people.filter(({ active, role }) => active && role !== 'admin')
    if (others.length === 0 || !(await goTo(walk, window, '/cashiers'))) return null
    const person = random.pick(others)
    if (!(await window.tap({ id: 'cashier', data: { name: person.name } }, 500))) return null
    if (!(await window.tap('cashier-remove', 400))) return null
    if ((await walk.until(window, (look) => look.dialogs === 0, 1_000)) === null) return null
    person.active = false
    return `removes ${person.name}`
  }),

  changeRole: inWindow(1, 'roles', async (walk, window, random) => {
    const { people } = walk.till(window).model
    const others = people.filter(({ active, role }) => active && role !== 'admin')
    if (others.length === 0 || !(await goTo(walk, window, '/cashiers'))) return null
    const person = random.pick(others)
    if (!(await window.tap({ id: 'cashier', data: { name: person.name } }, 500))) return null
    const role = person.role === 'cashier' ? 'senior' : 'cashier'
    if ((await walk.until(window, (look) => shows(look, 'cashier-save'), 400)) === null) return null
    await window.tap(`role-${role}`)
    await window.tap('cashier-save')
    if ((await walk.until(window, (look) => hookOf(look, 'cashier-save') === undefined, 1_500)) === null) return null
    person.role = role
    return `makes ${person.name} ${role}`
  }),
} satisfies Record<string, Step>
