import { checkOptions, expects } from '@unite/shared';
import { type KnownNames, nameKey } from './check-names';
import { listOf, namesOf, objectOf, type TreeObject } from './tree';
import type { RouterOptions, SqlParser } from './types';

const positiveInteger = expects(
  'a positive integer',
  (value) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
);
const listOfTexts = expects(
  'a list of non-empty strings',
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== ''),
);
const parser = expects(
  'a parser with parseSync, such as the namespace of libpg-query',
  (value) => typeof objectOf(value).parseSync === 'function',
);

/** What `createRouter` does without being told. */
export const routerDefaults = Object.freeze({ maxEntries: 1_000, maxBytes: 4_194_304 });

/** @throws TypeError that names the option */
export function checkRouterOptions(options: RouterOptions): void {
  checkOptions(
    'createRouter',
    options,
    {
      parser,
      safeFunctions: listOfTexts,
      safeOperators: listOfTexts,
      maxEntries: positiveInteger,
      maxBytes: positiveInteger,
    },
    ['parser'],
  );
}

/**
 * Reads the names that the application vouches for as the server would: by parsing them.
 *
 * @throws TypeError for one that is no name
 */
export function readKnownNames(options: RouterOptions): KnownNames {
  const { parser, safeFunctions = [], safeOperators = [] } = options;
  return {
    functions: new Set(safeFunctions.map((name) => nameKey(functionNames(parser, name)))),
    operators: new Set(safeOperators.map((name) => nameKey(operatorNames(parser, name)))),
  };
}

function functionNames(parser: SqlParser, text: string): readonly string[] {
  const call = objectOf(onlyValue(parser, `SELECT ${text}()`).FuncCall);
  const names = call.args ? [] : namesOf(call.funcname);
  if (names.length === 0) throw wrongName('safeFunctions', 'names such as shop.price_of', text);
  return names;
}

function operatorNames(parser: SqlParser, text: string): readonly string[] {
  const expression = objectOf(onlyValue(parser, `SELECT $1 ${text} $2`).A_Expr);
  const isPair = objectOf(expression.lexpr).ParamRef && objectOf(expression.rexpr).ParamRef;
  const names = isPair && expression.kind === 'AEXPR_OP' ? namesOf(expression.name) : [];
  if (names.length === 0) throw wrongName('safeOperators', 'operators such as <=>', text);
  return names;
}

/** What a `SELECT` of one bare value selects; an empty object for every other text. */
function onlyValue(parser: SqlParser, text: string): TreeObject {
  const statements = listOf(objectOf(parseOrNothing(parser, text)).stmts);
  const select = objectOf(objectOf(objectOf(statements[0]).stmt).SelectStmt);
  const { targetList, limitOption, op, ...more } = select;
  const targets = listOf(targetList);
  if (statements.length !== 1 || targets.length !== 1 || Object.keys(more).length > 0) return {};
  return objectOf(objectOf(objectOf(targets[0]).ResTarget).val);
}

function parseOrNothing(parser: SqlParser, text: string): unknown {
  try {
    return parser.parseSync(text);
  } catch {
    return undefined;
  }
}

function wrongName(option: string, demand: string, got: string): TypeError {
  return new TypeError(`createRouter: option "${option}" must be ${demand}, got ${JSON.stringify(got)}`);
}
