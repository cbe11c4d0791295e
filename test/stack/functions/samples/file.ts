/** Answers with a file: `?bytes=` how large it is, `?type=` its content type (none if empty). */
const BLOCK = 64 * 1024;

Deno.serve((request) => {
	const { searchParams } = new URL(request.url);
	const size = Number(searchParams.get('bytes') ?? 3);
	const type = searchParams.get('type') ?? 'application/octet-stream';
	const name = searchParams.get('name');
	let given = 0;
	const content = new ReadableStream<Uint8Array>({
		pull(controller) {
			const block = new Uint8Array(Math.min(BLOCK, size - given));
			for (let n = 0; n < block.length; n++) block[n] = (given + n) * 31;
			given += block.length;
			if (block.length > 0) controller.enqueue(block);
			if (given === size) controller.close();
		},
	});
	return new Response(content, {
		headers: {
			...(type && { 'content-type': type }),
			...(name && {
				'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
			}),
			'content-length': String(size),
		},
	});
});
