/**
 * The owner's page, fetched by whoever opens `/shop`. What it consists of is named here and not in the till's first
 * file, whose every byte is in the way to a sale.
 */

/** Resolves once the page stands; rejects where a part of it can't be fetched. */
export const started = import('./start.ts').then(({ startShop }) => startShop())
