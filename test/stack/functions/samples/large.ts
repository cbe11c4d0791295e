/** A JSON text of `?mib=` MiB, without telling how long it will be. */
Deno.serve((request) => {
	const mib = Number(new URL(request.url).searchParams.get('mib') ?? 65);
	const block = new TextEncoder().encode(' '.repeat(1024 * 1024));
	let given = 0;
	const content = new ReadableStream<Uint8Array>({
		pull(controller) {
			controller.enqueue(given === 0 ? new TextEncoder().encode('{}') : block);
			if (given++ === mib) controller.close();
		},
	});
	return new Response(content, { headers: { 'content-type': 'application/json' } });
});
