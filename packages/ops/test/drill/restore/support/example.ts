/** A bit of everything that a backup has to bring back. */
export const example = `
CREATE SCHEMA sales;
CREATE TYPE sales.stage AS ENUM ('open', 'won');
CREATE TABLE sales.deals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL DEFAULT 'new' CHECK (title <> ''),
  stage sales.stage NOT NULL,
  at timestamptz,
  amount double precision,
  secret bytea
);
CREATE INDEX deals_at ON sales.deals (at DESC) WHERE stage = 'open';
CREATE TABLE "Odd "" name" (one_row int, "select" text);
CREATE TABLE parted (tenant int, note text) PARTITION BY LIST (tenant);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE VIEW sales.won AS SELECT id FROM sales.deals WHERE stage = 'won';
CREATE FUNCTION sales.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION sales.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON sales.deals FOR EACH ROW EXECUTE FUNCTION sales.touch();
ALTER TABLE sales.deals ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON sales.deals USING (title <> 'hidden');
GRANT SELECT ON sales.deals TO unite_reader;
INSERT INTO sales.deals (title, stage, at, amount, secret)
  SELECT 'deal ' || n, 'open', timestamptz '2026-01-01' + n * interval '1 hour', n / 3.0, decode('00ff', 'hex')
  FROM generate_series(1, 500) n;
INSERT INTO "Odd "" name" VALUES (1, 'a'), (1, 'a'), (2, NULL);
INSERT INTO parted VALUES (1, 'x');
`;

/** What is done to a restored database, and how the comparison names it. */
export const breakages: readonly [string, string][] = [
  ['DELETE FROM sales.deals WHERE id = 250', 'table sales.deals has 499 rows instead of 500'],
  [
    "UPDATE sales.deals SET title = 'deal 250!' WHERE id = 250",
    'table sales.deals has other content in its 500 rows',
  ],
  [
    'UPDATE sales.deals SET amount = amount * (1 + 2e-16) WHERE id = 1',
    'table sales.deals has other content in its 500 rows',
  ],
  // Two equal rows, or two others that are equal: an exclusive or would not see it.
  [
    `UPDATE "Odd "" name" SET one_row = 3, "select" = 'b' WHERE one_row = 1`,
    'table public."Odd "" name" has other content in its 3 rows',
  ],
  ['DELETE FROM parted_1', 'table public.parted_1 has 0 rows instead of 1'],
  ['DROP TABLE "Odd "" name"', 'table public."Odd "" name" is missing'],
  ['CREATE TABLE more ()', 'table public.more was not there'],
  ['DROP INDEX sales.deals_at', 'index sales.deals_at is missing'],
  [
    'ALTER TABLE sales.deals DROP CONSTRAINT deals_title_check',
    'constraint sales.deals.deals_title_check is missing',
  ],
  ['ALTER TABLE sales.deals ALTER title SET DEFAULT 1', 'column sales.deals.title is defined otherwise'],
  ['ALTER SEQUENCE sales.deals_id_seq INCREMENT 2', 'sequence sales.deals_id_seq is defined otherwise'],
  ['REVOKE SELECT ON sales.deals FROM unite_reader', 'grant sales.deals unite_reader SELECT is missing'],
  ['GRANT DELETE ON sales.deals TO unite_reader', 'grant sales.deals unite_reader DELETE was not there'],
  ['DROP POLICY mine ON sales.deals', 'policy sales.deals.mine is missing'],
  ['ALTER TABLE sales.deals DISABLE ROW LEVEL SECURITY', 'relation sales.deals is defined otherwise'],
  ['ALTER TABLE sales.deals DISABLE TRIGGER touched', 'trigger sales.deals.touched is defined otherwise'],
  ['CREATE OR REPLACE VIEW sales.won AS SELECT id FROM sales.deals', 'view sales.won is defined otherwise'],
  [
    "CREATE OR REPLACE FUNCTION sales.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 3'",
    'function sales.twice(integer) is defined otherwise',
  ],
  ["ALTER TYPE sales.stage ADD VALUE 'lost'", 'enum sales.stage is defined otherwise'],
];
