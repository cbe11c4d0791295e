import { recordedDatabase, recordings, type RecordedDatabase } from './fixtures/recordedSchema';
import { describeSchema, type OpenApiDocument } from './openapi';

interface Recording {
	schema: string;
	role: string;
	/** What PostgREST 16.2 said, recorded from the real service. */
	document: OpenApiDocument;
}

// The stack's own server is needed, not just any project.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('the description of a schema, beside that of the real PostgREST', () => {
	let database: RecordedDatabase;

	beforeAll(async () => void (database = await recordedDatabase()));
	afterAll(async () => await database.drop());

	it.each(recordings<Recording>('postgrest-openapi.jsonl'))(
		'is the same: $schema as $role',
		async ({ schema, role, document: expected }) => {
			const actual = await describeSchema(database.sql, {
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
			expect(argumentNames(actual)).toEqual(argumentNames(expected));
		},
	);
});

/** By path, the names in the order in which they stand, which toEqual does not look at. */
function argumentNames({ paths }: OpenApiDocument): Record<string, string> {
	const names = Object.entries(paths).map(([path, { post }]) => {
		const [body] = (post as Post | undefined)?.parameters ?? [];
		return [path, Object.keys(body?.schema?.properties ?? {}).join()];
	});
	return Object.fromEntries(names) as Record<string, string>;
}

interface Post {
	parameters: Array<{ schema?: { properties?: object } }>;
}
