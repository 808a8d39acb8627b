/** Which column of a price list holds what: a proposal by the headings, which a person sees and changes. */

export const CSV_FIELDS = [
  'name',
  'price',
  'code',
  'barcode',
  'category',
  'taxId',
  'unit',
  'weighed',
  'cost',
  'stock',
  'ntin',
  'gtin',
] as const
export type CsvField = (typeof CSV_FIELDS)[number]

/** Column (counted from 0) of each field; a field that is absent isn't in the file. */
export type CsvMapping = Readonly<Partial<Record<CsvField, number>>>

/**
 * How well a heading fits a field, in three languages: the first expression that fits gives its points. Less than
 * nothing keeps a field off a column that only sounds like it.
 */
const HEADINGS: readonly (readonly [CsvField, readonly (readonly [words: RegExp, points: number])[]])[] = [
  ['barcode', [[/штрих|шк$|barcode|\bean\b|сканкод/u, 9]]],
  ['ntin', [[/ntin|нтин/u, 9]]],
  ['gtin', [[/gtin/u, 9]]],
  [
    'cost',
    [
      [/розн|продаж|retail|sale|сату\p{L}*\s+баға/u, 0],
      [/закуп|себест|приходн|өзіндік|сатып\s+алу|\bcost|purchase/u, 8],
      [/учетн\p{L}*\s+цен/u, 7],
    ],
  ],
  [
    'stock',
    [
      [/мин|макс|резерв|сумм|упак|min|max|amount/u, 0],
      [/остат|қалды[қғ]|\bstock|on\s+hand/u, 8],
      [/кол-во|количеств|\bкол\.?$|саны|\bqty|quantity|наличи/u, 6],
    ],
  ],
  [
    'price',
    [
      [/закуп|приход|себест|поставщ|вход|учетн|опт|cost|purchase|wholesale|сатып|стар(?:ая|ый)|old/u, 1],
      [
        /(?:розн|продаж|продажн|retail|sale|сату|бөлшек|мағаз|магаз).*(?:цена|price|баға)|(?:цена|price|баға).*(?:розн|продаж|retail|sale|сату|бөлшек|магаз)/u,
        8,
      ],
      [/без\s+ндс|without/u, 3],
      [/цена|price|баға/u, 7],
      [/розн|retail/u, 6],
      [/ндс|налог|ққс|vat|tax/u, 0],
      [/стоимость|құны/u, 4],
      [/сумма|итого|amount|total|сома/u, 2],
    ],
  ],
  [
    'category',
    [
      [/(?:код|id|№).*(?:групп|категор|папк|раздел|group|categ|санат|топ)/u, 1],
      [/категор|категория|category|санат/u, 8],
      [/групп|папка|group|раздел|folder|топ(?:ы|(?!\p{L}))|родител|отдел/u, 7],
      [/^(?:вид|тип)(?!\p{L})/u, 3],
    ],
  ],
  [
    'taxId',
    [
      [/сумм|цена|price|баға|amount|без\s+ндс|с\s+ндс/u, 0],
      [/ставка|налог|ндс|\btax|\bvat|салы[қғ]|ққс/u, 7],
    ],
  ],
  ['weighed', [[/весов|weighed|салмақпен|делим/u, 8]]],
  ['unit', [[/ед\.?\s*изм|^ед\.?$|единиц|өлшем|\bunit|measure|\buom\b/u, 8]]],
  [
    'code',
    [
      [/групп|категор|папк|налог|ндс|единиц|ед\.?\s*изм|склад|поставщ|group|categ|tax|unit|store|тн\s*вэд/u, 0],
      [/^код$|^code$|^коды?$|код\s+товара|код\s+номенклатур|внутренний\s+код|^plu$|^плу$/u, 8],
      [/артикул|\bsku\b|\bplu\b|article|^id$/u, 7],
      [/код|code|id$|номенклатурный\s+номер/u, 6],
    ],
  ],
  [
    'name',
    [
      [/групп|категор|папк|group|categ|санат|склад|поставщ|производ|единиц/u, 0],
      [/^наименование|^название|^name$|^атауы?$|^товар$|^номенклатура$/u, 9],
      [/наимен|назван|\bname|атау/u, 8],
      [/номенклатура|товар|тауар|product|goods|item|продукт|описание|description/u, 3],
    ],
  ],
]

function pointsOf(heading: string, field: readonly (readonly [RegExp, number])[]): number {
  return field.find(([words]) => words.test(heading))?.[1] ?? 0
}

/** Columns by their headings: the best fit first, each column for one field. */
export function guessMapping(headings: readonly string[]): CsvMapping {
  const fits = headings.flatMap((heading, column) => {
    const text = heading.trim().toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ')
    return HEADINGS.map(([field, words]) => ({ field, column, points: pointsOf(text, words) }))
  })
  const mapping: Partial<Record<CsvField, number>> = {}
  const taken = new Set<number>()
  // Sorting is stable: of equal fits the column further left comes first.
  for (const { field, column } of fits.filter((fit) => fit.points > 0).sort((a, b) => b.points - a.points)) {
    if (mapping[field] !== undefined || taken.has(column)) continue
    mapping[field] = column
    taken.add(column)
  }
  return mapping
}

/** Columns of a file without a heading: the first cells that look like their field. */
export function guessFromRow(cells: readonly string[]): CsvMapping {
  const mapping: Partial<Record<CsvField, number>> = {}
  cells.forEach((cell, column) => {
    const text = cell.trim()
    if (/^\d{8}$|^\d{12,14}$/.test(text)) mapping.barcode ??= column
    else if (/[\p{L}]{2}/u.test(text)) mapping.name ??= column
    else if (/^\d+$/.test(text) && mapping.code === undefined && mapping.name === undefined) mapping.code = column
    else if (/^[\d\s.,]+$/.test(text)) mapping.price ??= column
  })
  return mapping
}
