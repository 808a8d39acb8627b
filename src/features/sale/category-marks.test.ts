import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { MARK_COUNT } from '../../domain/catalog.ts'
import { categoryMarks, MARKS } from './category-marks.ts'

const named = (...names: string[]) => names.map((name, place) => ({ id: `${place}`, name }))
const FOLDERS = ['Кофе', 'Чай и напитки', 'Выпечка', 'Сүт өнімдері', 'Фрукты и овощи', 'Хлеб', 'Бакалея', 'Табак']

describe('the colour of a category', () => {
  it('is a different one for each while there are colours left', () => {
    expect(new Set(categoryMarks(named(...FOLDERS)).values()).size).toBe(MARKS.length)
  })
  it('comes from its name, whatever its id is and whatever was added behind it', () => {
    const [first] = categoryMarks(named('Кофе', 'Хлеб')).values()
    expect([...categoryMarks([{ id: 'csv:7', name: 'Кофе' }]).values()]).toEqual([first])
    const marks = [...categoryMarks(named(...FOLDERS)).values()]
    expect([...categoryMarks(named(...FOLDERS, 'Ещё', 'Кофе')).values()].slice(0, 8)).toEqual(marks)
  })
  it('is one of the eight for any number of categories', () => {
    const marks = [...categoryMarks(named(...Array.from({ length: 60 }, (_, place) => `Топ ${place}`))).values()]
    expect(marks.every((mark) => MARKS[mark] !== undefined)).toBe(true)
  })
  it('is the shop’s own where it chose one, and no other category’s changes by that', () => {
    const before = [...categoryMarks(named(...FOLDERS)).values()]
    const after = [...categoryMarks(named(...FOLDERS), { хлеб: before[0] ?? 0 }).values()]
    expect(after.map((mark, place) => (place === 5 ? before[place] : mark))).toEqual(before)
    expect(after[5]).toBe(before[0])
    expect([...categoryMarks([{ id: 'iiko:9', name: ' ХЛЕБ ' }], { хлеб: 3 }).values()]).toEqual([3])
  })
  it('stands out from the card in both themes (WCAG 1.4.11: 3 to 1)', () => {
    const css = readFileSync('src/ui/tokens.css', 'utf8')
    const pair = (name: string) =>
      new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)?.slice(1) ?? []
    const light = (hex = '') =>
      [0.2126, 0.7152, 0.0722].reduce((sum, weight, place) => {
        const value = parseInt(hex.slice(1 + 2 * place, 3 + 2 * place), 16) / 255
        return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
      }, 0)
    const contrast = (one = '', other = '') => {
      const [low = 0, high = 0] = [light(one), light(other)].sort((a, b) => a - b)
      return (high + 0.05) / (low + 0.05)
    }
    expect(MARKS).toHaveLength(MARK_COUNT)
    MARKS.forEach((mark) => {
      for (const theme of [0, 1])
        expect(contrast(pair(mark)[theme], pair('card')[theme]), mark).toBeGreaterThanOrEqual(3)
    })
  })
})
