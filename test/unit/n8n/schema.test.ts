import type { ServerResponse } from 'node:http';

import {
	columnsOf,
	descriptionsFor,
	droppingDescriptions,
	schemaNames,
	schemaOf,
} from '../../../src/n8n/schema';
import { describeSchema } from '../../../src/api/database/description';
import { SupabaseApiError } from '../../../src/api/errors';
import type { Project } from '../../../src/api/project';
import { closeServers, projectAt, startServer, type Answer } from '../server';
import { rejectionOf } from '../thrown';
import { tokens } from '../tokens';

afterEach(async () => {
	jest.restoreAllMocks();
	await closeServers();
});

const key = { description: 'Note:\nThis is a Primary Key.<pk/>', format: 'int64' };

const tables = (...names: string[]) => ({
	definitions: Object.fromEntries(
		names.map((name) => [name, { properties: { id: key, name: { format: 'text' } } }]),
	),
});

/** A server that describes one table, named after the schema that is asked for. */
const describing = async () =>
	await startServer(({ headers }) => ({ body: tables(String(headers['accept-profile'])) }));

const refusing = async (answer: Answer) => {
	let isRefusing = true;
	const server = await startServer(() => (isRefusing ? answer : { body: tables('planets') }));
	return { server, relent: () => (isRefusing = false) };
};

/** Refused for good, so that nothing is repeated. */
const refused = { status: 401, body: { message: 'Access to schema is forbidden' } };

it('asks once for all who want it at the same time', async () => {
	const server = await describing();
	const project = projectAt(server.url);
	const all = await Promise.all(Array.from({ length: 20 }, () => schemaOf(project, 'public')));
	expect(server.requests).toHaveLength(1);
	expect(new Set(all).size).toBe(1);
	expect(all[0]?.tables.map(({ name }) => name)).toEqual(['public']);
});

it.each<[string, number, (project: Project) => Promise<unknown>]>([
	['half a minute for the editor', 30, async (project) => await schemaOf(project, 'public')],
	[
		'minutes for executions',
		300,
		async (project) => await descriptionsFor(project).columns('public', 'public'),
	],
])('keeps the answer for %s', async (_, lifetime, ask) => {
	const server = await describing();
	const project = projectAt(server.url);
	const start = Date.now();
	const now = jest.spyOn(Date, 'now');
	for (const seconds of [0, 10, lifetime - 1]) {
		now.mockReturnValue(start + seconds * 1000);
		await ask(project);
	}
	expect(server.requests).toHaveLength(1);
	now.mockReturnValue(start + (lifetime + 1) * 1000);
	await ask(project);
	expect(server.requests).toHaveLength(2);
});

it.each(['PGRST202', 'PGRST204', 'PGRST205'])('is dropped once a request gets %s', async (code) => {
	const server = await describing();
	const project = projectAt(server.url);
	const other = projectAt(`${server.url}/prefix`);
	await schemaOf(project, 'public');
	await schemaOf(other, 'public');
	const error = new SupabaseApiError('rest', 'refused', { message: 'No such thing', code });
	const send = droppingDescriptions(project, async () => {
		throw error;
	});
	expect(await rejectionOf(send(describeSchema('public')))).toBe(error);
	await schemaOf(other, 'public');
	expect(server.requests).toHaveLength(2);
	await schemaOf(project, 'public');
	expect(server.requests).toHaveLength(3);
});

it('stays with any other refusal', async () => {
	const server = await describing();
	const project = projectAt(server.url);
	await schemaOf(project, 'public');
	const send = droppingDescriptions(project, async () => {
		throw new SupabaseApiError('rest', 'refused', { message: 'Taken', code: '23505' });
	});
	await rejectionOf(send(describeSchema('public')));
	await schemaOf(project, 'public');
	expect(server.requests).toHaveLength(1);
});

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('an execution that waits for it', () => {
	const silent = async () => {
		const waiting: ServerResponse[] = [];
		const server = await startServer(() => (_, outgoing) => void waiting.push(outgoing));
		const answer = () => {
			for (const outgoing of waiting) outgoing.end(JSON.stringify(tables('planets')));
		};
		return { server, answer, asked: async () => await until(() => waiting.length > 0) };
	};

	it('ends when it is cancelled, and others go on waiting', async () => {
		const { server, answer, asked } = await silent();
		const project = projectAt(server.url);
		const controller = new AbortController();
		const cancelled = descriptionsFor(project, { signal: controller.signal });
		const failure = rejectionOf(cancelled.columns('public', 'planets'));
		const other = descriptionsFor(project).columns('public', 'planets');
		controller.abort(new Error('Stopped'));
		expect((await failure).message).toBe('Stopped');
		await asked();
		answer();
		expect(await other).toHaveLength(2);
		expect(server.requests).toHaveLength(1);
	});

	it('waits no longer than its timeout', async () => {
		const { server, answer } = await silent();
		const ask = schemaOf(projectAt(server.url), 'public', { timeout: 50 });
		expect(await rejectionOf(ask)).toMatchObject({ name: 'SupabaseApiError' });
		answer();
	});
});

it('keeps schemas, projects and keys apart', async () => {
	const server = await describing();
	const names = async (...about: Parameters<typeof schemaOf>) =>
		(await schemaOf(...about)).tables.map(({ name }) => name);
	const project = projectAt(server.url);
	await expect(names(project, 'public')).resolves.toEqual(['public']);
	await expect(names(project, 'other')).resolves.toEqual(['other']);
	await names(projectAt(server.url, { secretKey: tokens.service_role }), 'public');
	await names(projectAt(`${server.url}/prefix`), 'public');
	expect(server.requests).toHaveLength(4);
	await names(projectAt(`${server.url}/`), 'public');
	expect(server.requests).toHaveLength(4);
});

it('asks with the secret key where there is one', async () => {
	const server = await describing();
	await schemaOf(projectAt(server.url), 'public');
	await schemaOf(projectAt(server.url, { secretKey: undefined }), 'public');
	expect(server.requests.map(({ headers }) => headers.apikey)).toEqual([
		tokens.sb_secret,
		tokens.sb_publishable,
	]);
	expect(server.requests[0]).toMatchObject({
		target: '/rest/v1/',
		headers: { accept: 'application/openapi+json', 'accept-profile': 'public' },
	});
});

it('shares a failure among those who wait, and does not remember it', async () => {
	const { server, relent } = await refusing(refused);
	const project = projectAt(server.url);
	const errors = await Promise.all([1, 2, 3].map(() => rejectionOf(schemaOf(project, 'public'))));
	expect(errors.map(({ message }) => message)).toEqual(Array(3).fill(refused.body.message));
	expect(server.requests).toHaveLength(1);
	relent();
	const { tables: found } = await schemaOf(project, 'public');
	expect(found.map(({ name }) => name)).toEqual(['planets']);
	expect(server.requests).toHaveLength(2);
});

describe('the columns of a table', () => {
	it('are known where it is described', async () => {
		const { columns: lookUp } = descriptionsFor(projectAt((await describing()).url));
		await expect(lookUp('public', 'public')).resolves.toMatchObject([
			{ name: 'id', primaryKey: true },
			{ name: 'name', primaryKey: false },
		]);
	});

	it('are none where it is not', async () => {
		const project = projectAt((await describing()).url);
		await expect(descriptionsFor(project).columns('public', 'other')).resolves.toEqual([]);
		await expect(columnsOf(project, 'public', 'other')).resolves.toEqual([]);
	});

	it.each([401, 403, 404, 406])('are none where the project answers %d', async (status) => {
		const { server } = await refusing({ ...refused, status });
		const project = projectAt(server.url);
		await expect(descriptionsFor(project).columns('public', 'planets')).resolves.toEqual([]);
		expect(await rejectionOf(columnsOf(project, 'public', 'planets'))).toMatchObject({ status });
	});

	it('are looked up once an execution, also where the project does not tell', async () => {
		const { server, relent } = await refusing(refused);
		const { columns: lookUp } = descriptionsFor(projectAt(server.url));
		await Promise.all([lookUp('public', 'planets'), lookUp('public', 'planets')]);
		await lookUp('public', 'planets');
		expect(server.requests).toHaveLength(1);
		relent();
		await expect(lookUp('public', 'planets')).resolves.toEqual([]);
		const next = await descriptionsFor(projectAt(server.url)).columns('public', 'planets');
		expect(next).toHaveLength(2);
	});
});

it('asks again for a table that a kept description does not have', async () => {
	let names = ['planets'];
	const server = await startServer(() => ({ body: tables(...names) }));
	const project = projectAt(server.url);
	await schemaOf(project, 'public');
	names = ['planets', 'moons'];
	const columns = await columnsOf(project, 'public', 'moons');
	expect(columns.map(({ name }) => name)).toEqual(['id', 'name']);
	expect(server.requests).toHaveLength(2);
	await columnsOf(project, 'public', 'planets');
	expect(server.requests).toHaveLength(2);
});

describe('the exposed schemas', () => {
	it('are read from the refusal of one that is not', async () => {
		const server = await startServer(() => ({
			status: 406,
			body: {
				code: 'PGRST106',
				details: null,
				hint: 'Only the following schemas are exposed: public, myschema',
				message: 'Invalid schema: nope',
			},
		}));
		await expect(schemaNames(projectAt(server.url))).resolves.toEqual(['public', 'myschema']);
	});

	it('are none where nothing is refused', async () => {
		await expect(schemaNames(projectAt((await describing()).url))).resolves.toEqual([]);
	});

	it('are no secret of another failure', async () => {
		const { server } = await refusing(refused);
		expect(await rejectionOf(schemaNames(projectAt(server.url)))).toMatchObject({ status: 401 });
	});
});
