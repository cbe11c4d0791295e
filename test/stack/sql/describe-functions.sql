-- $1: schema, $2: role.
-- Functions that the role may call by name. Of several with one name the last is described.
select distinct on (p.proname)
	p.proname as name,
	obj_description(p.oid, 'pg_proc') as comment,
	p.provolatile <> 'v' as readable,
	arguments.list as arguments
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
cross join lateral (
	select
		coalesce(json_agg(json_build_object(
			'name', coalesce(p.proargnames[i.place], ''),
			'type', format_type(i.type, null),
			'required', i.number <= p.pronargs - p.pronargdefaults,
			'variadic', coalesce(p.proargmodes[i.place] = 'v', false)
		) order by i.place), '[]'::json) as list,
		count(*) filter (where coalesce(p.proargnames[i.place], '') = '') as unnamed,
		count(*) as number,
		min(format_type(i.type, null)) as first_type,
		string_agg(format_type(i.type, null), ',' order by i.place) as signature
	from (
		select type, place, row_number() over (order by place) as number
		from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as a (type, place)
		where p.proargmodes is null or p.proargmodes[place] in ('i', 'b', 'v')
	) as i
) as arguments
where n.nspname = $1
	and p.prokind = 'f'
	and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
	and (arguments.unnamed = 0
		or (arguments.number = 1 and arguments.first_type in ('bytea', 'json', 'jsonb', 'text', 'xml')))
	and has_function_privilege($2, p.oid, 'execute')
order by p.proname, arguments.number desc, arguments.signature desc
