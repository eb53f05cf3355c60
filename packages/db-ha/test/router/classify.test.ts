import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as parser from 'libpg-query';
import { createRouter, type Route, type Router, type SqlParser } from '../../src/router';
import { harmful, harmless } from './statements';

let router: Router;
beforeAll(async () => {
  router = await createRouter({ parser });
});

describe('classify', () => {
  it.each(harmless)('lets a replica serve %s', (text) => {
    expect(router.classify(text)).toEqual({ target: 'replica' });
  });

  it.each(harmful.map(([text, reason, detail]) => ({ text, reason, detail })))(
    'sends $text to the primary: $reason',
    ({ text, reason, detail }) => {
      const route = router.classify(text);
      expect(route).toMatchObject({ target: 'primary', reason });
      if (detail !== undefined) expect(route).toMatchObject({ detail });
    },
  );

  it('gives the same answer from memory', () => {
    const route = router.classify('SELECT 1 FOR UPDATE');
    expect(router.classify('SELECT 1 FOR UPDATE')).toBe(route);
  });

  it('lets the parser off texts that are too long or too deep for it', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => index).join(',');
    expect(router.classify(`SELECT * FROM items WHERE id IN (${many})`)).toEqual(tooComplex);
    expect(router.classify(`SELECT 1${' + 1'.repeat(2_001)}`)).toEqual(tooComplex);
    expect(router.classify(`SELECT 'a'${' COLLATE "C"'.repeat(2_001)}`)).toEqual(tooComplex);
    expect(router.classify(`SELECT 1${' + 1'.repeat(1_999)}`)).toEqual({ target: 'replica' });
    expect(router.classify(`SELECT 1 IN (${many.slice(0, 20_000)}1)`)).toEqual({ target: 'replica' });
  });

  const tooComplex: Route = { target: 'primary', reason: 'too complex' };
});

describe('what the application vouches for', () => {
  it('is read as the server reads it', async () => {
    const vouched = await createRouter({
      parser,
      safeFunctions: ['price_of', 'Shop.Tax', '"Odd.Name"'],
      safeOperators: ['<=>', 'OPERATOR(shop.##)'],
    });
    const targets = (texts: readonly string[]) => texts.map((text) => vouched.classify(text).target);
    expect(
      targets([
        'SELECT price_of(1), PRICE_OF(2), shop.tax(1), "Odd.Name"(1)',
        'SELECT a <=> b, 1 OPERATOR(shop.##) 2 FROM items ORDER BY a <=> $1',
      ]),
    ).toEqual(['replica', 'replica']);
    expect(
      targets([
        'SELECT other.price_of(1)',
        'SELECT tax(1)',
        'SELECT "Price_of"(1)',
        'SELECT odd.name(1)',
        'SELECT 1 OPERATOR(public.<=>) 2',
      ]),
    ).toEqual(['primary', 'primary', 'primary', 'primary', 'primary']);
  });

  it.each([
    [{ safeFunctions: ['f(), g'] }, 'safeFunctions'],
    [{ safeFunctions: ['f(1) + g'] }, 'safeFunctions'],
    [{ safeFunctions: ['1; SELECT f'] }, 'safeFunctions'],
    [{ safeFunctions: ['f() FROM g'] }, 'safeFunctions'],
    [{ safeFunctions: ['sh op.f'] }, 'safeFunctions'],
    [{ safeFunctions: [''] }, 'safeFunctions'],
    [{ safeFunctions: 'f' }, 'safeFunctions'],
    [{ safeOperators: ['AND'] }, 'safeOperators'],
    [{ safeOperators: ['+ 1 +'] }, 'safeOperators'],
    [{ safeOperators: ['+ -'] }, 'safeOperators'],
    [{ safeOperators: ['IN ($1), $1 <'] }, 'safeOperators'],
    [{ safeOperators: ['LIKE'] }, 'safeOperators'],
    [{ maxEntries: 0 }, 'maxEntries'],
    [{ maxBytes: 1.5 }, 'maxBytes'],
    [{ parser: {} }, 'parser'],
    [{ parser: undefined }, 'parser'],
    [{ safeFunction: [] }, 'safeFunction'],
  ])('refuses %j', async (options, name) => {
    await expect(createRouter({ parser, ...options } as never)).rejects.toThrow(
      new RegExp(`createRouter: .*"${name}"`),
    );
  });
});

describe('the memory', () => {
  it('is bounded by entries and by bytes, and leaves long texts out', async () => {
    const { counted, parsed } = countParser();
    const small = await createRouter({ parser: counted, maxEntries: 2 });
    for (const text of ['SELECT 1', 'SELECT 2', 'SELECT 1', 'SELECT 3', 'SELECT 1', 'SELECT 2']) {
      small.classify(text);
    }
    expect(parsed).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 2']);

    parsed.length = 0;
    const tight = await createRouter({ parser: counted, maxBytes: 40 });
    for (const text of ['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 1']) tight.classify(text);
    expect(parsed).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 1']);

    parsed.length = 0;
    const usual = await createRouter({ parser: counted });
    const long = `SELECT '${'x'.repeat(16_384)}'`;
    expect([usual.classify(long), usual.classify(long)]).toEqual([
      { target: 'replica' },
      { target: 'replica' },
    ]);
    expect(parsed).toEqual([long, long]);
  });

  it('is not spent on what starts like a write, and neither is the parser', async () => {
    const { counted, parsed } = countParser();
    const single = await createRouter({ parser: counted, maxEntries: 1 });
    for (const text of ['SELECT 1', 'INSERT INTO items VALUES (1)', 'SELECT 1']) single.classify(text);
    expect(parsed).toEqual(['SELECT 1']);
  });

  function countParser(): { counted: SqlParser; parsed: string[] } {
    const parsed: string[] = [];
    const parseSync = (text: string) => {
      parsed.push(text);
      return parser.parseSync(text);
    };
    return { counted: { parseSync }, parsed };
  }
});

describe('a parser of another kind', () => {
  it.each([
    ['is no tree', 'nothing', 'not a read'],
    ['is empty', undefined, 'not a read'],
    ['has a node that is not known', select({ targetList: [{ NewExpr: {} }] }), 'unknown syntax'],
    ['has a field that is not known', select({ newClause: [{ ResTarget: {} }] }), 'unknown syntax'],
    ['has a function without a name', select({ targetList: [{ FuncCall: {} }] }), 'function'],
    ['has a name that is none', select({ targetList: [{ FuncCall: { funcname: [null] } }] }), 'function'],
  ])('routes to the primary a tree that %s', async (_, tree, reason) => {
    const odd = await createRouter({ parser: { parseSync: () => tree } });
    expect(odd.classify('SELECT 1')).toMatchObject({ target: 'primary', reason });
  });

  it('is reported when its stack overflowed, once', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const exhausted = await createRouter({
      parser: {
        parseSync: () => {
          throw new RangeError('Maximum call stack size exceeded');
        },
      },
    });
    expect(exhausted.classify('SELECT 1')).toEqual({ target: 'primary', reason: 'unparsed' });
    expect(exhausted.classify('SELECT 2')).toEqual({ target: 'primary', reason: 'unparsed' });
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining('ran out of its stack'),
        { type: 'UniteWarning', code: 'UNITE_DB_ROUTER_PARSER_EXHAUSTED' },
      ],
    ]);
    warn.mockRestore();
  });

  function select(node: object): unknown {
    return { stmts: [{ stmt: { SelectStmt: { op: 'SETOP_NONE', ...node } } }] };
  }
});
