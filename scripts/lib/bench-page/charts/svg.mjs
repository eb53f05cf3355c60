/** As GitHub shows a page on a laptop; narrower screens scale the picture. */
export const chartWidth = 840;

/** Ours, peers and the limit differ in colour and in pattern; the tokens are those of the dashboard. */
const style = `
  text { font: 13px/1 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; fill: #171A1F }
  .page { fill: #FFFFFF; stroke: #DDE1E6 }
  .title { font-size: 15px; font-weight: 600 }
  .muted { fill: #555D68; font-size: 12px }
  .strong { font-weight: 600 }
  .grid { stroke: #DDE1E6 }
  .range { stroke: #171A1F; stroke-width: 1.5; fill: none }
  .halo { stroke: #FFFFFF; stroke-width: 4.5; fill: none }
  .ours { --ink: #2F62D6 } .peer { --ink: #C65A00 } .other { --ink: #171A1F } .limit { --ink: #7B838F }
  .solid { fill: var(--ink); stroke: var(--ink) }
  .tint { fill: var(--ink); fill-opacity: .16; stroke: var(--ink); stroke-width: 1.25 }
  .hatch { stroke: var(--ink); stroke-width: 2.5 }
  .hollow { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3 }
  .line { fill: none; stroke: var(--ink); stroke-width: 2.25; stroke-linejoin: round }
  .leader { fill: none; stroke: var(--ink) }
  .band { fill: var(--ink); fill-opacity: .14 }
  .dot { fill: var(--ink) }
  @media (prefers-color-scheme: dark) {
    text { fill: #E8EBEF }
    .page { fill: #0F1216; stroke: #2C333C }
    .muted { fill: #A3ABB6 }
    .grid { stroke: #2C333C }
    .range { stroke: #E8EBEF }
    .halo { stroke: #0F1216 }
    .ours { --ink: #5B92FF } .peer { --ink: #E8913A } .other { --ink: #E8EBEF } .limit { --ink: #8A93A0 }
  }`;

/**
 * A whole picture. It paints its own background: a page may be dark where the reader's system is light.
 *
 * @param {{ title: string, description: string, height: number, body: readonly string[] }} chart
 */
export function svg({ title, description, height, body }) {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${style}\n</style>`,
    '<defs><pattern id="hatch" class="peer" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs>',
    `<rect class="page" x=".5" y=".5" width="${chartWidth - 1}" height="${height - 1}" rx="10"/>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}

/**
 * @param {number} x @param {number} y of its baseline
 * @param {string} content
 * @param {{ className?: string, anchor?: 'start' | 'middle' | 'end' }} [options]
 */
export function text(x, y, content, { className = '', anchor = 'start' } = {}) {
  return `<text x="${place(x)}" y="${place(y)}"${className && ` class="${className}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(content)}</text>`;
}

/** @param {string} className @param {string} path */
export function stroke(className, path) {
  return `<path class="${className}" d="${path}"/>`;
}

/** A tenth of a pixel is enough, and the same on every machine. @param {number} pixels */
export function place(pixels) {
  return String(Number(pixels.toFixed(1)));
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @param {string} content */
function escaped(content) {
  return content.replace(/[&<>"']/g, (sign) => entities[/** @type {keyof typeof entities} */ (sign)]);
}
