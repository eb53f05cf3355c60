/** Options of `supabaseNodes`. */
export interface SupabaseOptions {
  /**
   * The primary and its read replicas, in any order. Each is either its identifier, such as
   * `abcdefghijklmnopqrst` or `abcdefghijklmnopqrst-rr-us-east-1-kbxyz`, or the connection string that the
   * dashboard shows under “Connect”, with `[YOUR-PASSWORD]` or without.
   */
  readonly databases: readonly string[];
  /** As it is, without any encoding. Replicas have the primary's. Left out, it must stand in every connection string. */
  readonly password?: string | undefined;
  /**
   * Where identifiers lead:
   * - `direct`: `db.<identifier>.supabase.co:5432`, over IPv6 unless the project has the IPv4 add-on.
   * - `dedicated`: the primary's own PgBouncer, `db.<identifier>.supabase.co:6543`. Not for replicas.
   * - `session`: the shared pooler, port 5432.
   * - `transaction`: the shared pooler, port 6543.
   *
   * @default 'direct'
   */
  readonly connection?: 'direct' | 'dedicated' | 'session' | 'transaction' | undefined;
  /**
   * Host of the shared pooler, such as `aws-0-eu-central-1.pooler.supabase.com`; the dashboard shows which one it
   * is. Required for `session` and `transaction`.
   */
  readonly poolerHost?: string | undefined;
  /** Role, without the identifier that the shared pooler wants behind it. @default 'postgres' */
  readonly user?: string | undefined;
  /** @default 'postgres' */
  readonly database?: string | undefined;
}
