import { classifyError } from '../classify-error';
import type { PgQueryConfig, PgResult } from '../driver-types';
import { CommitUnknownError } from '../errors';
import type { Lease } from '../node/lease';
import { Interrupted, type Operation } from '../operation';
import type { Operations } from '../operations';
import { send } from '../send';
import { statementMistake } from '../statement-mistake';
import { Turns } from '../turns';
import type { Transaction } from '../types';
import { controlsTransaction } from './transaction-words';

/** The transaction as its work sees it. */
export class RunningTransaction implements Transaction {
  readonly #lease: Lease;
  readonly #operation: Operation;
  readonly #operations: Operations;
  readonly #turns = new Turns();
  #isOver = false;
  /** Why the connection is of no more use. */
  failure: unknown;

  constructor(lease: Lease, operation: Operation, operations: Operations) {
    this.#lease = lease;
    this.#operation = operation;
    this.#operations = operations;
  }

  async query<Row>(text: string | PgQueryConfig, values?: readonly unknown[]): Promise<PgResult<Row>> {
    const mistake = statementMistake(text, values);
    if (mistake) throw mistake;
    // Some library's transaction inside this one would commit half of it, and run the rest without any.
    if (controlsTransaction(typeof text === 'string' ? text : text.text))
      throw new TypeError("transaction: BEGIN, COMMIT and ROLLBACK are the cluster's; throw to roll back");
    const answer = await this.send<Row>(text, values);
    if (this.#lease.transactionStatus === 'I') {
      this.failure = new CommitUnknownError(
        'A statement ended the transaction that it was part of; what came before it may have taken effect',
      );
      throw this.failure;
    }
    return answer;
  }

  send<Row>(text: string | PgQueryConfig, values?: readonly unknown[]): Promise<PgResult<Row>> {
    this.#lease.note(text, values);
    const statement = { query: text, values: values as unknown[] | undefined };
    return this.run(() => send(this.#lease.client, statement) as Promise<PgResult<Row>>);
  }

  /** Runs the application's part; whatever it does, its failure comes as a rejection. */
  async whileOpen<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return await work(this);
  }

  /** Statements of ours, with the same care. */
  run<Result>(statement: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(() => this.#run(statement));
  }

  async #run<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (this.#isOver)
      throw new Error('The transaction is over: its work returned before this query was made');
    if (this.failure !== undefined) throw this.failure;
    this.#operations.waitFor(this.#operation, this.#lease.node);
    try {
      return await this.#operation.race(statement());
    } catch (error) {
      const kind = error instanceof Interrupted ? 'lost' : classifyError(error);
      if (kind === 'lost' || kind === 'not-sent') this.failure = error;
      throw error;
    } finally {
      this.#operations.stopWaiting(this.#operation);
    }
  }

  end(): void {
    this.#isOver = true;
  }
}
