import type { CycloneDxAsset } from './cyclonedx-types';

/** A table in Markdown, one line an asset. */
export function inventoryTable(assets: readonly CycloneDxAsset[]): string {
  const rows = assets.map((asset) => [
    kindOf(asset),
    asset.name,
    asset.description ?? '',
    [detailOf(asset), ...(asset.properties ?? []).map(({ value }) => value)].filter(Boolean).join('; '),
  ]);
  const lines = [['Kind', 'Name', 'What for', 'Detail'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

const kinds = {
  algorithm: 'algorithm',
  certificate: 'certificate',
  protocol: 'connection',
  'related-crypto-material': 'key',
} as const;

function kindOf({ cryptoProperties }: CycloneDxAsset): string {
  return kinds[cryptoProperties.assetType];
}

function detailOf({ cryptoProperties }: CycloneDxAsset): string {
  const { algorithmProperties, relatedCryptoMaterialProperties, protocolProperties } = cryptoProperties;
  const suites = protocolProperties?.cipherSuites?.map(({ name }) => name).join(', ');
  return (
    relatedCryptoMaterialProperties?.state ?? suites ?? algorithmProperties?.parameterSetIdentifier ?? ''
  );
}

/** What names hold does not end a cell. */
function escaped(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/\s+/g, ' ');
}
