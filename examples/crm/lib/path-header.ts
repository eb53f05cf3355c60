/** Names the page that a request is for: `/contacts?q=ada`. Set by the proxy, whatever a client says. */
export const pathHeader = 'x-crm-path';
