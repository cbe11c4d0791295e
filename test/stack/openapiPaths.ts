import {
	bodySchema,
	note,
	swaggerFormat,
	swaggerType,
	type DescribedArgument,
	type DescribedFunction,
	type DescribedTable,
} from './openapiTypes';

type Verbs = Record<string, Record<string, unknown>>;

const ref = (name: string) => ({ $ref: `#/parameters/${name}` });

/** What may be done with a table or view. */
export function tablePaths(table: DescribedTable): Verbs {
	const filters = table.columns.map(({ name }) => ref(`rowFilter.${table.name}.${name}`));
	const body = ref(`body.${table.name}`);
	const about = { ...note(table.comment), tags: [table.name] };
	const paging = ['select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount'].map(
		ref,
	);
	const verbs: Verbs = {
		get: {
			parameters: [...filters, ...paging],
			responses: {
				'200': {
					description: 'OK',
					schema: { items: { $ref: `#/definitions/${table.name}` }, type: 'array' },
				},
				'206': { description: 'Partial Content' },
			},
			...about,
		},
	};
	if (table.insertable) {
		verbs.post = {
			parameters: [body, ref('select'), ref('preferPost')],
			responses: { '201': { description: 'Created' } },
			...about,
		};
	}
	const noContent = { '204': { description: 'No Content' } };
	if (table.deletable) {
		verbs.delete = {
			parameters: [...filters, ref('preferReturn')],
			responses: noContent,
			...about,
		};
	}
	if (table.updatable) {
		verbs.patch = {
			parameters: [...filters, body, ref('preferReturn')],
			responses: noContent,
			...about,
		};
	}
	return verbs;
}

const FUNCTION_PRODUCES = [
	'application/json',
	'application/vnd.pgrst.object+json;nulls=stripped',
	'application/vnd.pgrst.object+json',
];

/** How a function may be called: by GET too when it changes nothing. */
export function functionPath(fn: DescribedFunction): Verbs {
	const common = {
		produces: FUNCTION_PRODUCES,
		responses: { '200': { description: 'OK' } },
		...note(fn.comment),
		tags: [`(rpc) ${fn.name}`],
	};
	const required = fn.arguments.filter((argument) => argument.required).map(({ name }) => name);
	// Sorted by name in the body alone, as the recordings are.
	const properties = Object.fromEntries(
		[...fn.arguments]
			.sort((a, b) => (a.name < b.name ? -1 : 1))
			.map(({ name, type }) => [name, bodySchema(type)]),
	);
	const post = {
		parameters: [
			{
				in: 'body',
				name: 'args',
				required: true,
				schema: {
					...(fn.comment === null ? {} : { description: fn.comment }),
					...(fn.arguments.length === 0 ? {} : { properties }),
					...(required.length === 0 ? {} : { required }),
					type: 'object',
				},
			},
			ref('preferParams'),
		],
		...common,
	};
	if (!fn.readable) return { post };
	const query = fn.arguments.map(queryParameter);
	return { get: { ...(query.length === 0 ? {} : { parameters: query }), ...common }, post };
}

function queryParameter({
	name,
	type,
	required,
	variadic,
}: DescribedArgument): Record<string, unknown> {
	if (variadic) {
		const item = type.slice(0, -2);
		return {
			collectionFormat: 'multi',
			in: 'query',
			items: { format: swaggerFormat(item), type: swaggerType(item) ?? 'string' },
			name,
			required,
			type: 'array',
		};
	}
	// In a query, arrays and JSON are written as text.
	const swagger = swaggerType(type);
	return {
		format: swaggerFormat(type),
		in: 'query',
		name,
		required,
		type: swagger === undefined || swagger === 'array' ? 'string' : swagger,
	};
}
