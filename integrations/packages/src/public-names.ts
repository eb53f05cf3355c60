import ts from 'typescript';

/** One name that an entry exports. */
export interface PublicName {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'const' | 'enum' | 'interface' | 'type';
}

/** The names that declaration files export, with what they are. */
export function publicNames(files: readonly string[]): ReadonlyMap<string, readonly PublicName[]> {
  const program = ts.createProgram([...files], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2023,
    types: [],
    noEmit: true,
  });
  return new Map(files.map((file) => [file, namesOf(program, file)]));
}

function namesOf(program: ts.Program, file: string): PublicName[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`${file} does not exist`);
  const module = checker.getSymbolAtLocation(source);
  // A file with neither import nor export is no module: an entry without content.
  if (!module) return [];
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, kind: kindOf(resolved(checker, symbol), symbol.name) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function kindOf({ flags }: ts.Symbol, name: string): PublicName['kind'] {
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.Enum) return 'enum';
  if (flags & ts.SymbolFlags.Variable) return 'const';
  if (flags & ts.SymbolFlags.Interface) return 'interface';
  if (flags & ts.SymbolFlags.TypeAlias) return 'type';
  throw new Error(`${name} is exported, and what it is cannot be resolved`);
}
