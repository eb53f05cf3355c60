/**
 * The nodes that a harmless read may be made of, each with its fields that hold further nodes. Anything that
 * stands here neither writes nor locks by itself; what functions, operators and relations do is looked at
 * by name. A node or a field that is missing here sends the statement to the primary, so that the grammar of
 * a later PostgreSQL can only cost a read its replica.
 *
 * libpg_query writes a node as `{ "ColumnRef": { … } }`, except in a field whose type is fixed: such a field
 * is listed with the type of what it holds.
 */
const harmlessNodes = {
  SelectStmt: `distinctClause targetList fromClause whereClause groupClause havingClause windowClause
    valuesLists sortClause limitOffset limitCount withClause:WithClause larg:SelectStmt rarg:SelectStmt`,
  ResTarget: 'indirection val',
  List: 'items',

  // FROM
  RangeVar: 'alias:Alias',
  RangeSubselect: 'subquery alias:Alias',
  RangeFunction: 'functions coldeflist alias:Alias',
  RangeTableSample: 'relation method args repeatable',
  RangeTableFunc: 'docexpr rowexpr namespaces columns alias:Alias',
  RangeTableFuncCol: 'typeName:TypeName colexpr coldefexpr',
  JoinExpr: 'larg rarg usingClause join_using_alias:Alias quals alias:Alias',
  Alias: 'colnames',
  // The columns that `AS t(a int)` names; only as a type and a collation.
  ColumnDef: 'typeName:TypeName collClause:CollateClause',

  // WITH
  WithClause: 'ctes',
  CommonTableExpr: `aliascolnames ctequery search_clause:CTESearchClause cycle_clause:CTECycleClause`,
  CTESearchClause: 'search_col_list',
  CTECycleClause: 'cycle_col_list cycle_mark_value cycle_mark_default',

  // Values
  A_Const: 'ival:Integer fval:Float boolval:Boolean sval:String bsval:BitString',
  Integer: '',
  Float: '',
  Boolean: '',
  String: '',
  BitString: '',
  ParamRef: '',
  ColumnRef: 'fields',
  A_Star: '',
  TypeCast: 'arg typeName:TypeName',
  TypeName: 'names typmods arrayBounds',
  CollateClause: 'arg collname',
  A_ArrayExpr: 'elements',
  A_Indirection: 'arg indirection',
  A_Indices: 'lidx uidx',
  RowExpr: 'args colnames',
  SQLValueFunction: '',

  // Expressions
  A_Expr: 'name lexpr rexpr',
  BoolExpr: 'args',
  NullTest: 'arg',
  BooleanTest: 'arg',
  SubLink: 'testexpr operName subselect',
  CaseExpr: 'arg args defresult',
  CaseWhen: 'expr result',
  CoalesceExpr: 'args',
  MinMaxExpr: 'args',
  FuncCall: 'funcname args agg_order agg_filter over:WindowDef',
  NamedArgExpr: 'arg',
  WindowDef: 'partitionClause orderClause startOffset endOffset',
  SortBy: 'node useOp',
  GroupingFunc: 'args',
  GroupingSet: 'content',

  // XML
  XmlExpr: 'named_args arg_names args',
  XmlSerialize: 'expr typeName:TypeName',

  // SQL/JSON
  JsonFormat: '',
  JsonReturning: 'format:JsonFormat',
  JsonOutput: 'typeName:TypeName returning:JsonReturning',
  JsonValueExpr: 'raw_expr format:JsonFormat',
  JsonKeyValue: 'key value:JsonValueExpr',
  JsonArgument: 'val:JsonValueExpr',
  JsonBehavior: 'expr',
  JsonObjectConstructor: 'exprs output:JsonOutput',
  JsonArrayConstructor: 'exprs output:JsonOutput',
  JsonArrayQueryConstructor: 'query output:JsonOutput format:JsonFormat',
  JsonAggConstructor: 'output:JsonOutput agg_filter agg_order over:WindowDef',
  JsonObjectAgg: 'constructor:JsonAggConstructor arg:JsonKeyValue',
  JsonArrayAgg: 'constructor:JsonAggConstructor arg:JsonValueExpr',
  JsonParseExpr: 'expr:JsonValueExpr output:JsonOutput',
  JsonScalarExpr: 'expr output:JsonOutput',
  JsonSerializeExpr: 'expr:JsonValueExpr output:JsonOutput',
  JsonIsPredicate: 'expr format:JsonFormat',
  JsonFuncExpr: `context_item:JsonValueExpr pathspec passing output:JsonOutput on_empty:JsonBehavior
    on_error:JsonBehavior`,
  JsonTable: `context_item:JsonValueExpr pathspec:JsonTablePathSpec passing columns on_error:JsonBehavior
    alias:Alias`,
  JsonTablePathSpec: 'string',
  JsonTableColumn: `typeName:TypeName pathspec:JsonTablePathSpec format:JsonFormat columns
    on_empty:JsonBehavior on_error:JsonBehavior`,
};

/** Fields of a node that hold nodes; the value is the type of an unwrapped one, or `''`. */
export type NodeFields = ReadonlyMap<string, string>;

/** The fields of each harmless node. */
export const nodeFields: ReadonlyMap<string, NodeFields> = new Map(
  Object.entries(harmlessNodes).map(([type, fields]) => [type, readFields(fields)]),
);

function readFields(text: string): NodeFields {
  return new Map(
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((field): [string, string] => {
        const [name = '', type = ''] = field.split(':');
        return [name, type];
      }),
  );
}
