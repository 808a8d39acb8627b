/** Ways in which the app around the machine can be wrong. All false in production and in every ordinary run. */
export interface DriverDefects {
  /** The request leaves first, its record is committed after the answer. */
  readonly sendBeforePersist: boolean
  /** Device record and entries in two transactions, this one first. */
  readonly splitCommit: 'none' | 'entryFirst' | 'deviceFirst'
  /** A second engine works over the same store; no lock, no epoch. */
  readonly twoEngines: boolean
  /** Power loss takes the last commits back. */
  readonly relaxed: boolean
  /** The new key of a success isn't stored. */
  readonly newKeyNotStored: boolean
  readonly attemptsNotStored: boolean
  /** The baseline of a deposit isn't stored. */
  readonly noCountersBeforeCash: boolean
  /** The transport repeats deposits, withdrawals, bank starts and Z. */
  readonly repeatsCash: boolean
  /** A request may be executed an hour after it was sent. */
  readonly hourLate: boolean
}

export const NO_DEFECTS: DriverDefects = {
  sendBeforePersist: false,
  splitCommit: 'none',
  twoEngines: false,
  relaxed: false,
  newKeyNotStored: false,
  attemptsNotStored: false,
  noCountersBeforeCash: false,
  repeatsCash: false,
  hourLate: false,
}
