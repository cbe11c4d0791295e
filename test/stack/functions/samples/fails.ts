/** Fails: with `?status=` and a body that says why, or by an exception with `?throw`. */
Deno.serve((request) => {
	const { searchParams } = new URL(request.url);
	if (searchParams.has('throw')) throw new Error('Nobody catches this');
	const status = Number(searchParams.get('status') ?? 400);
	const headers = { 'x-reason': 'sample' };
	return Response.json({ error: 'It went wrong', reason: { code: 7 } }, { status, headers });
});
