-- $1: schema, $2: role, $3: exposed schemas.
-- Tables and views that the role may see, with their columns, keys, and what may be written.
-- Types are written as an empty search_path gives them.
with recursive
view_tree as (
	-- PostgreSQL keeps a view's columns as a node tree. Keep the four fields needed, make JSON of it.
	select
		v.oid as view_id,
		replace(replace(replace(replace(replace(replace(replace(regexp_replace(
			replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
				r.ev_action::text,
				'<>', '()'), ',', ''), '\{', ''), '\}', ''),
				' :targetList ', ',"targetList":'), ' :resno ', ',"resno":'),
				' :resorigtbl ', ',"resorigtbl":'), ' :resorigcol ', ',"resorigcol":'),
				'{', '{ :'), '((', '{(('), '({', '{({'),
			' :[^}{,]+', ',"":', 'g'),
			',"":}', '}'), ',"":,', ','), '{(', '('), '{,', '{'), '(', '['), ')', ']'), ' ', ',')::json as tree
	from pg_class v
	join pg_rewrite r on r.ev_class = v.oid and r.ev_type = '1'
	where v.relkind in ('v', 'm') and v.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
),
view_column as (
	select
		view_id,
		(entry ->> 'resno')::int as attnum,
		(entry ->> 'resorigtbl')::oid as base,
		(entry ->> 'resorigcol')::int as base_attnum
	from view_tree, json_array_elements(tree -> 0 -> 'targetList') as entry
),
-- Each relation's columns down to the table that they come from, through views on views.
origin (relation, attnum, base, base_attnum) as (
	select attrelid, attnum::int, attrelid, attnum::int from pg_attribute where attnum > 0
	union
	select v.view_id, v.attnum, o.base, o.base_attnum
	from view_column v join origin o on o.relation = v.base and o.attnum = v.base_attnum
),
table_origin as (
	select o.* from origin o join pg_class b on b.oid = o.base where b.relkind in ('r', 'p', 'f')
),
-- The columns of a relation that hold a whole primary key.
primary_key as (
	select distinct on (o.relation) o.relation, array_agg(o.attnum) as attnums
	from pg_constraint k
	join table_origin o on o.base = k.conrelid and o.base_attnum = any (k.conkey)
	where k.contype = 'p'
	group by o.relation, k.oid
	having count(distinct o.base_attnum) = cardinality(any_value(k.conkey))
	order by o.relation, k.oid
),
foreign_key as (
	select distinct on (o.relation, o.attnum) o.relation, o.attnum, target.relname as "table", a.attname as "column"
	from pg_constraint k
	join table_origin o on o.base = k.conrelid and o.base_attnum = k.conkey[1]
	join pg_class target on target.oid = k.confrelid
	join pg_attribute a on a.attrelid = k.confrelid and a.attnum = k.confkey[1]
	where k.contype = 'f' and cardinality(k.conkey) = 1
		and target.relnamespace::regnamespace::text = any ($3)
	order by o.relation, o.attnum, k.conname
),
base_type (oid, base) as (
	select oid, oid from pg_type where typtype <> 'd'
	union all
	select d.oid, b.base from pg_type d join base_type b on b.oid = d.typbasetype where d.typtype = 'd'
)
select
	c.relname as name,
	obj_description(c.oid, 'pg_class') as comment,
	c.relkind in ('r', 'p') or (c.relkind in ('v', 'f') and pg_relation_is_updatable(c.oid, true) & 8 = 8) as insertable,
	c.relkind in ('r', 'p') or (c.relkind in ('v', 'f') and pg_relation_is_updatable(c.oid, true) & 4 = 4) as updatable,
	c.relkind in ('r', 'p') or (c.relkind in ('v', 'f') and pg_relation_is_updatable(c.oid, true) & 16 = 16) as deletable,
	coalesce(columns.list, '[]'::json) as columns
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
cross join lateral (
	select json_agg(json_build_object(
		'name', a.attname,
		'type', format_type(b.base, null),
		'nullable', not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)),
		'comment', col_description(c.oid, a.attnum),
		'default', case
			when a.attgenerated <> '' or a.attidentity <> '' then null
			when t.typtype = 'd' and d.adbin is null then pg_get_expr(t.typdefaultbin, 0)
			else pg_get_expr(d.adbin, d.adrelid)
		end,
		'maxLength', information_schema._pg_char_max_length(
			information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)),
		'enum', (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = b.base),
		'primaryKey', a.attnum = any (p.attnums),
		'foreignKey', case when f."table" is not null then json_build_object('table', f."table", 'column', f."column") end
	) order by a.attnum) as list
	from pg_attribute a
	join pg_type t on t.oid = a.atttypid
	join base_type b on b.oid = t.oid
	left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
	left join primary_key p on p.relation = c.oid
	left join foreign_key f on f.relation = c.oid and f.attnum = a.attnum
	where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
) as columns
where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
	and (
		has_table_privilege($2, c.oid, 'select, insert, update, delete, truncate, references, trigger')
		or has_any_column_privilege($2, c.oid, 'select, insert, update, references')
	)
order by c.relname
