import { ValueNode } from 'kysely';

/** Stands in a query for a value that is made when the query is sent: queries are built without waiting. */
export class Deferred {
  readonly #make: () => Promise<unknown>;

  constructor(make: () => Promise<unknown>) {
    this.#make = make;
  }

  value(): Promise<unknown> {
    return this.#make();
  }
}

export function deferredNode(make: () => Promise<unknown>): ValueNode {
  return ValueNode.create(new Deferred(make));
}

/** Columns of a row that is encrypted once, when the first of them is asked for. */
export function deferredRow(encrypt: () => Promise<object>): (column: string) => ValueNode {
  let row: Promise<object> | undefined;
  return (column) =>
    deferredNode(async () => {
      row ??= encrypt();
      return (await row)[column as keyof object];
    });
}
