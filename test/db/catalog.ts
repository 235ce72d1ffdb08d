import { type Queryable, sql } from '../../src/db/database.ts';

/** What PostgreSQL itself says about a table, in the words in which `client-schema.test.ts` states what is wanted. */

/** Name, type, `not null` and default, in the order of the columns. */
export async function columnsOf(db: Queryable, table: string): Promise<string[]> {
  const rows = await db.query<{ definition: string }>(sql`
    select concat_ws(
      ' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
      'default ' || pg_get_expr(d.adbin, d.adrelid), nullif(concat(a.attidentity, a.attgenerated), '')
    ) as definition
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped
    order by a.attnum`);
  return rows.map((row) => row.definition);
}

/** Keys, references with their delete rules, checks; what servers of version 18 list as well for `not null` is left out. */
export async function constraintsOf(db: Queryable, table: string): Promise<string[]> {
  const rows = await db.query<{ definition: string }>(sql`
    select pg_get_constraintdef(oid) as definition
    from pg_constraint
    where conrelid = ${table}::regclass and contype <> 'n'
    order by definition`);
  return rows.map((row) => row.definition);
}

/** Indexes that stand for themselves, not for a key. */
export async function indexesOf(db: Queryable, table: string): Promise<string[]> {
  const rows = await db.query<{ definition: string }>(sql`
    select pg_get_indexdef(i.indexrelid) as definition
    from pg_index i
    where i.indrelid = ${table}::regclass and i.indisvalid
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = i.indrelid)
    order by definition`);
  return rows.map((row) => row.definition);
}

export async function triggersOf(db: Queryable, table: string): Promise<string[]> {
  const rows = await db.query<{ definition: string }>(sql`
    select pg_get_triggerdef(oid) as definition
    from pg_trigger
    where tgrelid = ${table}::regclass and not tgisinternal and tgenabled = 'O'
    order by definition`);
  return rows.map((row) => row.definition);
}

/** In their order. */
export async function enumLabelsOf(db: Queryable, type: string): Promise<string[]> {
  const rows = await db.query<{ label: string }>(sql`
    select enumlabel as label from pg_enum where enumtypid = ${type}::regtype order by enumsortorder`);
  return rows.map((row) => row.label);
}

export async function hasExtension(db: Queryable, name: string): Promise<boolean> {
  return (await db.query(sql`select from pg_extension where extname = ${name}`)).length > 0;
}
