import { assets } from '../client/assets';
import type { DashboardHeader } from '../screen-types';
import { escapeHtml, respond } from './responses';

const nonceText = /^[\w+/=-]{1,200}$/;

/** The page of every screen: it draws what the first snapshot says. */
export function renderPage(
  basePath: string,
  snapshot: { readonly header: DashboardHeader },
  nonce: string | undefined,
): Response {
  const base = escapeHtml(basePath);
  const ofNonce = nonce !== undefined && nonceText.test(nonce) ? ` nonce="${nonce}"` : '';
  // Between these tags nothing but the end tag means anything.
  const json = JSON.stringify(snapshot).replaceAll('<', '\\u003c');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(snapshot.header.service)} operations</title>
<link rel="stylesheet" href="${base}/assets/${assetName('app.css')}"${ofNonce}>
</head>
<body>
<div id="app" data-base="${base}"></div>
<script type="application/json" id="snapshot"${ofNonce}>${json}</script>
<script type="module" src="${base}/assets/${assetName('app.js')}"${ofNonce}></script>
</body>
</html>
`;
  return respond(200, 'text/html; charset=utf-8', html);
}

/** A file under its hashed name, which never changes what it holds. */
export function renderAsset(name: string): Response | undefined {
  for (const [file, { body, type }] of Object.entries(assets)) {
    if (name === assetName(file as keyof typeof assets))
      return respond(200, type, body, { 'Cache-Control': 'public, max-age=31536000, immutable' });
  }
  return undefined;
}

function assetName(file: keyof typeof assets): string {
  return file.replace('.', `-${assets[file].hash}.`);
}
