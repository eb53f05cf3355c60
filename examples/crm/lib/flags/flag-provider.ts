import { createHash } from 'node:crypto';
import { type EvaluationContext, InMemoryProvider } from '@openfeature/server-sdk';
import { type FlagName, type FlagSetting, type FlagSettings, flagList } from './flag-list';

/** Flags as the environment sets them. Another provider of OpenFeature takes its place in lib/unite.ts. */
export function flagProvider(settings: FlagSettings): InMemoryProvider {
  const names = Object.keys(flagList) as FlagName[];
  return new InMemoryProvider(
    Object.fromEntries(
      names.map((name) => {
        const setting = settings[name] ?? (flagList[name].isOn ? 'on' : 'off');
        return [
          name,
          {
            variants: { on: true, off: false },
            defaultVariant: typeof setting === 'string' ? setting : 'off',
            disabled: false,
            ...(typeof setting !== 'string' && {
              contextEvaluator: (context: EvaluationContext) => variantFor(name, setting, context),
            }),
          },
        ];
      }),
    ),
  );
}

/** The same for a workspace each time, in every process, and for each flag another share of them. */
function variantFor(
  name: FlagName,
  { on }: Exclude<FlagSetting, string>,
  { targetingKey }: EvaluationContext,
): 'on' | 'off' {
  if (targetingKey === undefined) return 'off';
  const hash = createHash('sha256').update(`${name}:${targetingKey}`).digest().readUInt32BE();
  return hash / 2 ** 32 < on ? 'on' : 'off';
}
