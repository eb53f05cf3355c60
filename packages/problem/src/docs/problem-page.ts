import type { ProblemPageRenderer } from '../types';
import { html } from './html';
export const problemPage: ProblemPageRenderer = (document, { language }) => ({
  html: `<!doctype html>${html`<html lang="${language}"><title>${document.title}</title><h1>${document.title}</h1><p>${document.detail}</p></html>`.text}`,
});
