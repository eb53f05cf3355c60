/** The one style of all pages: system fonts, tokens for light and dark, nothing loaded. */
export const style = `:root{color-scheme:light dark;--bg:#fff;--surface:#f5f6f8;--sunken:#eceef1;--line:#dde1e6;--text:#171a1f;--muted:#555d68;--accent:#2f62d6;--warn:#855100;--warn-tint:#fdf0d8;--critical:#b3261e;--critical-tint:#fce8e6}
@media (prefers-color-scheme:dark){:root{--bg:#0f1216;--surface:#171b21;--sunken:#20262e;--line:#2c333c;--text:#e8ebef;--muted:#a3abb6;--accent:#5b92ff;--warn:#e8ae4a;--warn-tint:#2e2410;--critical:#ff938a;--critical-tint:#361917}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:46rem;margin:0 auto;padding:32px 24px 48px}
nav{font-size:.875rem;line-height:20px;margin-bottom:32px}
a{color:var(--accent);text-underline-offset:3px}
a:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
h1{font-size:1.75rem;line-height:32px;font-weight:600;margin:12px 0 8px;text-wrap:balance}
h2{font-size:.875rem;line-height:20px;font-weight:600;color:var(--muted);margin:32px 0 8px}
p{margin:0 0 12px;text-wrap:pretty}
.lead{font-size:1.25rem;line-height:28px;color:var(--muted)}
.status{display:inline-block;font:600 .875rem/24px ui-monospace,monospace;padding:0 8px;border-radius:6px;background:var(--warn-tint);color:var(--warn)}
.status.server{background:var(--critical-tint);color:var(--critical)}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem;line-height:20px}
pre{margin:0;padding:16px;background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow-x:auto;overflow-wrap:normal}
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 24px;margin:0;padding:16px;border:1px solid var(--line);border-radius:10px}
dt{color:var(--muted);font-size:.875rem;line-height:24px}
dd{margin:0;min-width:0}
.types{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:10px}
.types li+li{border-top:1px solid var(--line)}
.types a{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;align-items:start;padding:12px 16px;color:inherit;text-decoration:none;border-radius:10px}
.types a:hover{background:var(--surface)}
.types a:hover strong{text-decoration:underline}
.types strong{font-weight:600}
.types p{margin:0;font-size:.875rem;line-height:20px;color:var(--muted)}
footer code{font-size:inherit;line-height:inherit}
footer{margin-top:48px;padding-top:16px;border-top:1px solid var(--line);color:var(--muted);font-size:.75rem;line-height:16px}
@media (max-width:30rem){main{padding:24px 16px 32px}dl{grid-template-columns:1fr;gap:0}dd+dt{margin-top:12px}}
@media (forced-colors:active){.status{border:1px solid}}
`;

/** SHA-256 of {@link style}, as a content security policy names it. A test compares them. */
export const styleHash = 'ixN+8Mm7pEtYBoh0hz8Qdu7Ejk+JSs4mp3QrhHfkKkw=';

/** Where {@link problemDocs} serves the style, below the base URL. No slug starts with an underscore. */
export const stylePath = `_style-${styleHash.replace(/\W/g, '').slice(0, 12)}.css`;
