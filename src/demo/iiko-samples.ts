/** Sample answers and requests of source 002, as the document prints them: spellings, blanks and all. */

export const SHIFT_LIST_SAMPLE = [1]

export const PAYMENTS_SAMPLE = [2]

/** Body of the report request of source 000, which breaks off after its first filter. */
export const OLAP_REQUEST_SAMPLE = {
  reportType: 'SALES',
  groupByRowFields: [
    'OpenDate.Typed',
    'SessionNum',
    'OpenTime',
    'CloseTime',
    'DishName',
    'OrderType',
    'Delivery.CustomerName',
    'Delivery.CustomerPhone',
    'PayTypes',
  ],
  groupByColFields: [],
  aggregateFields: ['DishSumInt'],
  filters: {
    'OpenDate.Typed': {
      filterType: 'DateRange',
      periodType: 'CUSTOM',
      from: '2025-03-01T00:00:00.000',
      to: '2025-03-31T00:00:00.000',
    },
  },
}
