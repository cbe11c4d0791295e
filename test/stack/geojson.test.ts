const url = process.env.SUPABASE_URL ?? '';
const headers = { apikey: process.env.SUPABASE_SECRET_KEY ?? '', accept: 'application/geo+json' };

// A hosted project may well have PostGIS.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('GeoJSON without PostGIS', () => {
	// As PostgREST 16.2 was recorded.
	const recorded = {
		code: '42883',
		details: null,
		hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
		message: 'function st_asgeojson(record) does not exist',
	};

	it.each(['planets?limit=1', 'rpc/list_stored_planets'])('is refused: %s', async (path) => {
		const answer = await fetch(`${url}/rest/v1/${path}`, { headers });
		expect(answer.status).toBe(404);
		expect(answer.headers.get('proxy-status')).toBe('PostgREST; error=42883');
		expect(await answer.json()).toEqual(recorded);
	});

	it('is not reached where the table is missing', async () => {
		const answer = await fetch(`${url}/rest/v1/nothing`, { headers });
		expect(await answer.json()).toMatchObject({ code: 'PGRST205' });
	});

	it('writes nothing', async () => {
		const asked = { ...headers, prefer: 'return=representation' };
		const answer = await fetch(`${url}/rest/v1/planets?id=eq.1`, {
			method: 'DELETE',
			headers: asked,
		});
		expect(await answer.json()).toEqual(recorded);
		const left = await fetch(`${url}/rest/v1/planets?id=eq.1&select=id`, {
			headers: { apikey: headers.apikey },
		});
		expect(await left.json()).toEqual([{ id: 1 }]);
	});
});
