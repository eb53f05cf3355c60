import DefaultTheme from 'vitepress/theme-without-fonts';
import MermaidDiagram from './mermaid-diagram.vue';
import '../../../packages/ops/src/dashboard/client/tokens.css';
import './site.css';

/** VitePress's own theme, in the colours of the dashboard and the CRM. */
export default {
  extends: DefaultTheme,
  /** @param {import('vitepress').EnhanceAppContext} context */
  enhanceApp({ app }) {
    app.component('MermaidDiagram', MermaidDiagram);
  },
};
