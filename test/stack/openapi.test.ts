import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';

import { describeSchema, type OpenApiDocument } from './openapi';

interface Recording {
	schema: string;
	role: string;
	document: OpenApiDocument;
}

/** What PostgREST 16.2 said of the schema beside it, recorded from the real service. */
const recordings = readFileSync(join(__dirname, 'fixtures', 'postgrest-openapi.jsonl'), 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Recording);

/** Roles belong to the whole server and are there already. */
const schemaSql = readFileSync(join(__dirname, 'fixtures', 'postgrest-schema.sql'), 'utf8')
	.split('\n')
	.filter((line) => !/^(create|alter) role /.test(line))
	.join('\n');

describe('the description of a schema, beside that of the real PostgREST', () => {
	const server = process.env.STACK_DATABASE_URL ?? '';
	const name = `openapi_${randomBytes(4).toString('hex')}`;
	const admin = postgres(server, { max: 1, onnotice() {} });
	const sql = postgres(server, { max: 1, database: name, onnotice() {} });

	beforeAll(async () => {
		await admin`create database ${admin(name)}`.simple();
		await sql.unsafe(`comment on schema public is 'standard public schema'; ${schemaSql}`);
	});

	afterAll(async () => {
		await sql.end();
		await admin`drop database if exists ${admin(name)} with (force)`.simple();
		await admin.end();
	});

	it.each(recordings)(
		'is the same: $schema as $role',
		async ({ schema, role, document: expected }) => {
			const actual = await describeSchema(sql, {
				schema,
				role,
				schemas: ['public', 'myschema'],
				host: String(expected.host),
			});
			for (const table of Object.keys(expected.definitions)) {
				expect({ [table]: actual.definitions[table] }).toEqual({
					[table]: expected.definitions[table],
				});
			}
			for (const path of Object.keys(expected.paths)) {
				expect({ [path]: actual.paths[path] }).toEqual({ [path]: expected.paths[path] });
			}
			expect(actual).toEqual(expected);
		},
	);
});
