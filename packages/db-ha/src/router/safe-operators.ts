// Written by scripts/generate-router-catalog.mjs from PostgreSQL 18. Change that, not this.

/** Operators of `pg_catalog`. None of them is volatile. */
export const safeOperators: ReadonlySet<string> = new Set(
  `
!! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<|
<= <> <@ <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~
~= ~>=~ ~>~ ~~ ~~*
`
    .trim()
    .split(/\s+/),
);
