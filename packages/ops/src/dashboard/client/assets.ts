/** What the pages load, as text. Stands in until the pages are built. */
export const assets: Readonly<
  Record<'app.js' | 'app.css', { readonly body: string; readonly hash: string; readonly type: string }>
> = {
  'app.js': { body: '', hash: '00000000', type: 'text/javascript; charset=utf-8' },
  'app.css': { body: '', hash: '00000000', type: 'text/css; charset=utf-8' },
};
