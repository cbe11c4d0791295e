/** Begins to answer, and breaks off: `?type=` is the content type. */
Deno.serve((request) => {
	const type = new URL(request.url).searchParams.get('type') ?? 'application/json';
	let begun = false;
	const content = new ReadableStream<Uint8Array>({
		async pull(controller) {
			if (begun) {
				await new Promise((resolve) => setTimeout(resolve, 50));
				return controller.error(new Error('Broken off'));
			}
			begun = true;
			controller.enqueue(new TextEncoder().encode('data: {"half":\n\n'));
		},
	});
	return new Response(content, { headers: { 'content-type': type } });
});
