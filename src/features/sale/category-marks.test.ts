import { describe, expect, it } from 'vitest'
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
})
