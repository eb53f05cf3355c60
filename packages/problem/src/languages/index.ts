export { type AcceptLanguageOptions, acceptLanguage } from './accept-language';
