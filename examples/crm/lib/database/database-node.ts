/** Which server answered, in that server's own words. */
export interface DatabaseNode {
  /** Its `cluster_name`. */
  readonly name: string;
  readonly role: 'primary' | 'replica';
  /** `null` over a socket. */
  readonly port: number | null;
  /** Why another one was passed over, such as `127.0.0.1:5433 is down`. */
  readonly detour?: string | undefined;
}
