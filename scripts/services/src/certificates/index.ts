export { type CertificatesOptions, makeCertificates } from './make-certificates';
