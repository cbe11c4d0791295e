/** Answers with what it was sent, compressed. */
Deno.serve((request) => {
	const content = request.body?.pipeThrough(new CompressionStream('gzip'));
	return new Response(content ?? null, { headers: { 'content-type': 'application/gzip' } });
});
