/** A table or view as the catalog describes it. */
export interface DescribedTable {
	name: string;
	comment: string | null;
	insertable: boolean;
	updatable: boolean;
	deletable: boolean;
	columns: DescribedColumn[];
}

export interface DescribedColumn {
	name: string;
	/** PostgreSQL's name of the type, of the type beneath for a domain. */
	type: string;
	nullable: boolean;
	comment: string | null;
	/** SQL expression. */
	default: string | null;
	maxLength: number | null;
	enum: string[] | null;
	primaryKey: boolean | null;
	foreignKey: { table: string; column: string } | null;
}

export interface DescribedFunction {
	name: string;
	comment: string | null;
	/** Stable or immutable: may be called by GET. */
	readable: boolean;
	arguments: DescribedArgument[];
}

export interface DescribedArgument {
	name: string;
	type: string;
	required: boolean;
	variadic: boolean;
}

export type SwaggerType = 'array' | 'boolean' | 'integer' | 'number' | 'string';

const TYPES: Record<string, SwaggerType> = {
	boolean: 'boolean',
	smallint: 'integer',
	integer: 'integer',
	bigint: 'integer',
	numeric: 'number',
	real: 'number',
	'double precision': 'number',
};

/** PostgREST's Swagger type of a PostgreSQL type; JSON has none, since it may be anything. */
export function swaggerType(type: string): SwaggerType | undefined {
	if (type === 'json' || type === 'jsonb') return undefined;
	if (type.endsWith('[]')) return 'array';
	return TYPES[type] ?? 'string';
}

/** PostgREST's `format`: integers by their size, everything else by PostgreSQL's name. */
export function swaggerFormat(type: string): string {
	if (type === 'smallint' || type === 'integer') return 'int32';
	return type === 'bigint' ? 'int64' : type;
}

/** `{format, type, items}` of a value in a JSON body. */
export function bodySchema(type: string): Record<string, unknown> {
	const swagger = swaggerType(type);
	return {
		format: swaggerFormat(type),
		...(swagger === 'array' ? { items: itemSchema(type) } : {}),
		...(swagger === undefined ? {} : { type: swagger }),
	};
}

function itemSchema(arrayType: string): Record<string, unknown> {
	const type = swaggerType(arrayType.slice(0, -2));
	return type === undefined ? {} : { type };
}

/** The property of a definition that describes a column. */
export function columnProperty(column: DescribedColumn): Record<string, unknown> {
	const description = columnDescription(column);
	const value = defaultValue(column);
	return {
		...(value === undefined ? {} : { default: value }),
		...(description === undefined ? {} : { description }),
		...(column.enum === null ? {} : { enum: column.enum }),
		...(column.maxLength === null ? {} : { maxLength: column.maxLength }),
		...bodySchema(column.type),
	};
}

function columnDescription({
	comment,
	primaryKey,
	foreignKey,
}: DescribedColumn): string | undefined {
	const notes = [
		...(primaryKey ? ['This is a Primary Key.<pk/>'] : []),
		...(foreignKey
			? [
					`This is a Foreign Key to \`${foreignKey.table}.${foreignKey.column}\`.` +
						`<fk table='${foreignKey.table}' column='${foreignKey.column}'/>`,
				]
			: []),
	];
	const parts = [
		...(comment === null ? [] : [comment]),
		...(notes.length === 0 ? [] : [['Note:', ...notes].join('\n')]),
	];
	return parts.length === 0 ? undefined : parts.join('\n\n');
}

/** A text's default without quotes and cast; any other type's only where it is JSON by itself. */
function defaultValue({ type, default: expression }: DescribedColumn): unknown {
	if (expression === null) return undefined;
	if (swaggerType(type) === 'string') {
		const cast = `::${type}`;
		return expression.endsWith(cast)
			? expression.slice(0, -cast.length).replace(/^'+|'+$/g, '')
			: expression;
	}
	try {
		return JSON.parse(expression) as unknown;
	} catch {
		return undefined;
	}
}

/** A comment's first line, and what follows it. */
export function note(comment: string | null): { summary?: string; description?: string } {
	if (comment === null) return {};
	const end = comment.indexOf('\n');
	const rest = end < 0 ? '' : comment.slice(end).replace(/^\n+/, '');
	return {
		summary: end < 0 ? comment : comment.slice(0, end),
		...(rest === '' ? {} : { description: rest }),
	};
}
