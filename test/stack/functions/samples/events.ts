/**
 * Server-sent events: `?count=` how many (endless without it), `?every=` after how many milliseconds
 * each. `/events/cancelled` tells how many streams were given up by those who read them.
 */
let cancelled = 0;

Deno.serve((request) => {
	const { pathname, searchParams } = new URL(request.url);
	if (pathname.endsWith('/cancelled')) return Response.json({ cancelled });
	const count = Number(searchParams.get('count') ?? Infinity);
	const every = Number(searchParams.get('every') ?? 0);
	let n = 0;
	const events = new ReadableStream<Uint8Array>({
		async pull(controller) {
			await new Promise((resolve) => setTimeout(resolve, every));
			if (n === count) return controller.close();
			n += 1;
			const data = JSON.stringify({ n });
			controller.enqueue(new TextEncoder().encode(`id: ${n}\nevent: tick\ndata: ${data}\n\n`));
		},
		cancel() {
			cancelled += 1;
		},
	});
	return new Response(events, { headers: { 'content-type': 'text/event-stream' } });
});
