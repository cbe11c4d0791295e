/** Tells what it was sent. */
Deno.serve(async (request) => {
	const { pathname, searchParams } = new URL(request.url);
	return Response.json({
		method: request.method,
		path: pathname,
		query: [...searchParams],
		headers: Object.fromEntries(request.headers),
		body: await bodyOf(request),
	});
});

async function bodyOf(request: Request): Promise<unknown> {
	const type = request.headers.get('content-type') ?? '';
	if (type.startsWith('multipart/form-data')) {
		const form = await request.formData();
		return await Promise.all(
			[...form].map(async ([name, value]) =>
				typeof value === 'string'
					? { name, value }
					: { name, fileName: value.name, type: value.type, text: await value.text() },
			),
		);
	}
	const text = await request.text();
	if (text === '') return null;
	return type.includes('json') ? JSON.parse(text) : text;
}
