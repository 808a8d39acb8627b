/** Words of the page of card operations. */
export const card = {
  bankPage: {
    title: 'Банк',
    subtitle: 'Операции с картами через кассу за сегодня',
    reversal: 'Отмена оплаты',
    refund: 'Возврат на карту',
    closeDay: 'Сверка итогов',
    text: {
      reversal: 'Отменяет сегодняшнюю оплату картой без чека.',
      refund: 'Деньги вернутся на карту без чека. Возврат по чеку делайте из журнала.',
    },
    amount: 'Сумма',
    start: 'Вернуть {amount}',
    notStored: 'Операция не сохранена, поэтому не начата. {detail}',
    closeDayTitle: 'Сверить итоги с банком?',
    closeDayText:
      'Банк напечатает итоги дня и закроет его. Здесь за сегодня {amount}: суммы должны совпасть. Обычно это делают перед Z-отчётом.',
    totals: 'Итоги за сегодня',
    net: 'Итого',
    operations: 'Операции за сегодня',
    total: {
      purchase: 'Оплаты',
      refund: 'Возвраты',
      reversal: 'Отмены',
    },
    message: {
      purchase: 'Оплата',
      refund: 'Возврат на карту',
      reversal: 'Отмена оплаты',
    },
    state: {
      open: 'Идёт',
      paid: 'Прошла',
      failed: 'Не прошла',
    },
    reference: 'RRN {number}',
    track: 'операция {number}',
    empty: 'Операций с картами сегодня не было',
    emptyText: 'Здесь появится каждая оплата, отмена и возврат через банк кассы.',
  },
} as const
