import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { startStackChild, type StackChild } from './child';
import { stackControl, type StackControl } from './control';

describe('the control endpoints', () => {
	// A stack of its own: faults and the row cap would hit every test file that shares one.
	let stack: StackChild;
	let control: StackControl;
	let service: SupabaseClient;
	let headers: Record<string, string>;

	beforeAll(async () => {
		stack = await startStackChild();
		control = stackControl(stack.url);
		headers = { apikey: stack.secretKey, 'content-type': 'application/json' };
		service = createClient(stack.url, stack.secretKey, {
			auth: { persistSession: false },
			realtime: { transport: WebSocket as never },
		});
	});

	afterAll(async () => await stack.stop());

	const read = async () => await fetch(`${stack.url}/rest/v1/numbers?select=id`, { headers });
	const insert = async (name: string) =>
		await fetch(`${stack.url}/rest/v1/characters`, {
			method: 'POST',
			headers,
			body: JSON.stringify({ name }),
		});
	const count = async (name: string) =>
		(await service.from('characters').select('*', { count: 'exact', head: true }).eq('name', name))
			.count;

	afterEach(async () => {
		await control.clearFaults();
		await control.setMaxRows(1000);
		await service.from('characters').delete().gt('id', 3);
	});

	it('remember requests, but no keys', async () => {
		await control.clearRequests();
		await insert('Counted');
		const [request, ...more] = await control.requests('/rest/v1/characters');
		expect(more).toEqual([]);
		expect(request).toMatchObject({
			method: 'POST',
			path: '/rest/v1/characters',
			bodyBytes: 18,
			status: 201,
			headers: { apikey: '{secret}' },
		});
	});

	it('cap what is read, and what a write returns', async () => {
		await control.setMaxRows(50);
		const page = await read();
		expect(page.headers.get('content-range')).toBe('0-49/*');
		expect(await page.json()).toHaveLength(50);
		const rows = Array.from({ length: 60 }, (_, n) => ({ name: `Row ${n}` }));
		const written = await service.from('characters').insert(rows).select();
		expect(written.data).toHaveLength(50);
		expect(
			(await service.from('characters').select('*', { count: 'exact', head: true }).gt('id', 3))
				.count,
		).toBe(60);
		const updated = await fetch(`${stack.url}/rest/v1/characters?id=gt.3`, {
			method: 'PATCH',
			headers: { ...headers, prefer: 'return=representation, count=exact' },
			body: '{"name":"Same"}',
		});
		expect(updated.headers.get('content-range')).toBe('0-49/60');
	});

	it('answer with a status, once', async () => {
		await control.addFault({
			path: '/rest/v1/numbers',
			action: { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
		});
		const first = await read();
		expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
		expect((await read()).status).toBe(200);
	});

	it('answer with HTML', async () => {
		await control.addFault({ path: '/rest/v1/numbers', action: { kind: 'html' } });
		const answer = await read();
		expect([answer.status, answer.headers.get('content-type')]).toEqual([
			502,
			'text/html; charset=utf-8',
		]);
	});

	it.each(['before', 'after'] as const)('delay, %s the service has done its work', async (when) => {
		await control.addFault({ path: '/rest/v1/numbers', action: { kind: 'delay', ms: 300, when } });
		const start = performance.now();
		expect(await (await read()).json()).toHaveLength(1000);
		expect(performance.now() - start).toBeGreaterThan(290);
	});

	it('close midway', async () => {
		await control.addFault({ path: '/rest/v1/numbers', action: { kind: 'closeMidway' } });
		const answer = await read();
		expect(answer.status).toBe(200);
		await expect(answer.text()).rejects.toThrow('terminated');
	});

	it('reset before anything was written, or after', async () => {
		const post = { method: 'POST', path: '/rest/v1/characters' };
		await control.addFault(
			{ ...post, action: { kind: 'resetBefore' } },
			{ ...post, action: { kind: 'resetAfter' } },
		);
		await expect(insert('Lost')).rejects.toThrow('fetch failed');
		expect(await count('Lost')).toBe(0);
		await expect(insert('Written')).rejects.toThrow('fetch failed');
		expect(await count('Written')).toBe(1);
	});

	it('let some requests pass first', async () => {
		await control.addFault({
			path: '/rest/v1/numbers',
			skip: 1,
			times: 2,
			action: { kind: 'status', status: 500 },
		});
		const statuses = [];
		for (let n = 0; n < 4; n += 1) statuses.push((await read()).status);
		expect(statuses).toEqual([200, 500, 500, 200]);
	});
});
