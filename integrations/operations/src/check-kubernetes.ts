import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import type { OperationsCheck } from './check-types';
import { filesIn } from './queries';

/** Where the type of each kind is. An object literal may have no member that its type does not know. */
const types: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'kubernetes-models/apps/v1/Deployment',
  'v1 Service': 'kubernetes-models/v1/Service',
  'autoscaling/v2 HorizontalPodAutoscaler': 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler',
  'policy/v1 PodDisruptionBudget': 'kubernetes-models/policy/v1/PodDisruptionBudget',
  'networking.k8s.io/v1 NetworkPolicy': 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  'keda.sh/v1alpha1 ScaledObject': '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject',
  'argoproj.io/v1alpha1 Rollout': '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout',
  'argoproj.io/v1alpha1 AnalysisTemplate':
    '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate',
};

export const checkKubernetes: OperationsCheck = {
  name: 'Kubernetes, KEDA and Argo Rollouts',
  by: 'the compiler, with the types of kubernetes-models: unknown members fail',
  async run(operations) {
    const documents = filesIn(operations, 'templates', '.yaml').flatMap((place) =>
      parseAllDocuments(readFileSync(join(operations, place), 'utf8')).map((document) => ({
        place,
        errors: document.errors.map(({ message }) => `${place}: ${message}`),
        value: document.toJS() as { apiVersion?: string; kind?: string },
      })),
    );
    const broken = documents.flatMap(({ errors }) => errors);
    if (broken.length > 0) return broken;
    const lines = documents.map(({ place, value }) => {
      const { apiVersion, kind } = value;
      const module = types[`${apiVersion} ${kind}`];
      const type = module === undefined ? 'never' : `import('${module}').I${kind}`;
      return { place, line: `export const _: ${type} = ${JSON.stringify(value)};` };
    });
    return compile(lines);
  },
};

/** One module a document, which are nowhere but in memory. */
function compile(modules: readonly { readonly place: string; readonly line: string }[]): readonly string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2023,
  };
  const texts = new Map(modules.map(({ line }, index) => [join(__dirname, `template-${index}.ts`), line]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, text, version);
  };
  const names = [...texts.keys()];
  const program = ts.createProgram(names, options, host);
  return names.flatMap((name, index) => {
    const source = program.getSourceFile(name);
    return program.getSemanticDiagnostics(source).map(({ messageText }) => {
      const [first = ''] = ts.flattenDiagnosticMessageText(messageText, '\n').split('\n');
      return `${modules[index]?.place}: ${first.slice(0, 300)}`;
    });
  });
}
