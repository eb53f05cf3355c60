import { isSecretName, mask } from '@unite/shared/redaction';

/** Arguments of a command, with those masked that follow an option such as `--password`. */
export function maskArguments(items: readonly unknown[]): readonly unknown[] {
  return items.map((item, index) => {
    const option = items[index - 1];
    if (typeof item !== 'string' || typeof option !== 'string' || option[0] !== '-') return item;
    if (option === '-u' || option === '--user') return item.replace(/^([^\s:]*:)[\s\S]+$/, `$1${mask}`);
    return isOption(option) && isSecretName(option) && !item.startsWith('-') ? mask : item;
  });
}

function isOption(text: string): boolean {
  return /^--?[\w-]{1,80}$/.test(text);
}
