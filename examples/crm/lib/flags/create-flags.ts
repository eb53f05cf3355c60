import { type EvaluationContext, OpenFeature, type Provider } from '@openfeature/server-sdk';
import { type FlagName, flagList } from './flag-list';
import { recordEvaluation } from './record-evaluation';

interface FlagsOptions {
  /** Who answers: any provider of OpenFeature. */
  readonly provider: Provider;
  /** Whom the current request is for; ids alone, since providers may send them elsewhere. */
  readonly evaluationContext: () => EvaluationContext;
  /** How long a request waits for the provider; after that it goes on with the default. */
  readonly timeoutMs: number;
  /** Sets apart what is made more than once in a process. */
  readonly domain: string;
}

export interface Flags {
  /** Whether a flag is on for the current request. Never throws: who fails or is late gives the default. */
  isOn(name: FlagName): Promise<boolean>;
}

/** Feature flags, each with a default that holds whatever becomes of the provider. */
export function createFlags({ provider, evaluationContext, timeoutMs, domain }: FlagsOptions): Flags {
  OpenFeature.setProvider(domain, provider);
  const client = OpenFeature.getClient(domain).addHooks(recordEvaluation);

  return {
    async isOn(name) {
      const { isOn } = flagList[name];
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, isOn);
      });
      try {
        return await Promise.race([client.getBooleanValue(name, isOn, evaluationContext()), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
