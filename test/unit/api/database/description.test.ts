import {
	describeSchema,
	exposedSchemas,
	readDescription,
} from '../../../../src/api/database/description';
import { requestTarget } from '../../../../src/api/request';

it('asks at the root of the REST service', () => {
	const request = describeSchema('private');
	expect(request).toMatchObject({
		service: 'rest',
		method: 'GET',
		headers: { 'accept-profile': 'private', accept: 'application/openapi+json' },
	});
	expect(requestTarget(request)).toBe('/');
});

/** As PostgREST 16.2 answers. */
const document = {
	swagger: '2.0',
	definitions: {
		planets: {
			required: ['id', 'name'],
			properties: {
				id: {
					description: 'Note:\nThis is a Primary Key.<pk/>',
					format: 'int64',
					type: 'integer',
				},
				name: { description: 'Planet name', format: 'text', type: 'string' },
				mass: { format: 'numeric', type: 'number' },
				discovered: { default: 'now()', format: 'timestamp with time zone', type: 'string' },
			},
			type: 'object',
		},
		types_demo: {
			required: ['id'],
			properties: {
				id: {
					default: 'gen_random_uuid()',
					description: 'Note:\nThis is a Primary Key.<pk/>',
					format: 'uuid',
					type: 'string',
				},
				m: {
					default: 'ok',
					enum: ['sad', 'ok', 'happy'],
					format: 'public.mood',
					type: 'string',
				},
				j: { format: 'jsonb' },
				arr: { format: 'integer[]', items: { type: 'integer' }, type: 'array' },
				b: { default: false, format: 'boolean', type: 'boolean' },
				small: { format: 'int16', type: 'integer' },
				middle: { format: 'int32', type: 'integer' },
				r: { format: 'float', type: 'number' },
				d: { format: 'double', type: 'number' },
				odd: { type: 'string' },
				none: {},
			},
			type: 'object',
		},
		users_teams: {
			required: ['user_id', 'team_id'],
			properties: {
				user_id: {
					description:
						"Note:\nThis is a Primary Key.<pk/>\nThis is a Foreign Key to `users.id`.<fk table='users' column='id'/>",
					format: 'int64',
					type: 'integer',
				},
				team_id: {
					description: 'Note:\nThis is a Primary Key.<pk/>',
					format: 'int64',
					type: 'integer',
				},
				since: {
					description: "Note:\nThis is a Foreign Key to `x.id`.<fk table='x' column='id'/>",
					format: 'date',
					type: 'string',
				},
			},
			type: 'object',
		},
	},
};

describe('readDescription', () => {
	const { tables } = readDescription(document);
	const columnsOf = (table: string) => tables.find(({ name }) => name === table)?.columns ?? [];

	it('names the tables', () => {
		expect(tables.map(({ name }) => name)).toEqual(['planets', 'types_demo', 'users_teams']);
	});

	it('tells of each column what is known', () => {
		const plain = { required: false, hasDefault: false, primaryKey: false, values: undefined };
		expect(columnsOf('planets')).toMatchObject([
			{ ...plain, name: 'id', type: 'bigint', required: true, primaryKey: true },
			{ ...plain, name: 'name', type: 'text', required: true },
			{ ...plain, name: 'mass', type: 'numeric' },
			{ ...plain, name: 'discovered', type: 'timestamp with time zone', hasDefault: true },
		]);
	});

	it("gives types by PostgreSQL's names", () => {
		expect(columnsOf('types_demo').map(({ name, type }) => `${name} ${type}`)).toEqual([
			'id uuid',
			'm public.mood',
			'j jsonb',
			'arr integer[]',
			'b boolean',
			'small smallint',
			'middle integer',
			'r real',
			'd double precision',
			'odd string',
			'none unknown',
		]);
	});

	it('knows the values of an enum, and a default that is false', () => {
		const columns = columnsOf('types_demo');
		expect(columns.find(({ name }) => name === 'm')?.values).toEqual(['sad', 'ok', 'happy']);
		expect(columns.find(({ name }) => name === 'b')?.hasDefault).toBe(true);
	});

	it('finds keys of several columns, and takes no foreign key for one', () => {
		const key = columnsOf('users_teams').filter(({ primaryKey }) => primaryKey);
		expect(key.map(({ name }) => name)).toEqual(['user_id', 'team_id']);
	});

	it.each([undefined, null, '', 'text', 7, [], {}, { definitions: {} }, { message: 'no' }])(
		'finds no tables in %j',
		(other) => expect(readDescription(other).tables).toEqual([]),
	);

	it('finds a table without columns', () => {
		expect(readDescription({ definitions: { empty: {} } }).tables).toEqual([
			{ name: 'empty', columns: [] },
		]);
	});
});

it.each([
	['Only the following schemas are exposed: public, myschema', ['public', 'myschema']],
	['Only the following schemas are exposed: public', ['public']],
	['Something else', []],
	[undefined, []],
])('reads the exposed schemas from %j', (hint, schemas) => {
	expect(exposedSchemas(hint)).toEqual(schemas);
});
