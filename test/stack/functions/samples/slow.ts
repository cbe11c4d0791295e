/** Answers after `?ms=` milliseconds. */
export default {
	async fetch(request: Request): Promise<Response> {
		const ms = Number(new URL(request.url).searchParams.get('ms') ?? 1000);
		await new Promise((resolve) => setTimeout(resolve, ms));
		return new Response('done');
	},
};
