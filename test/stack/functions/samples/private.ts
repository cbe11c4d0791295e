/** For callers with a token alone, which the platform has checked: tells who they are. */
Deno.serve((request) => {
	const [, claims = ''] = (request.headers.get('authorization') ?? '').split('.');
	const text = atob(claims.replaceAll('-', '+').replaceAll('_', '/'));
	const { role, sub } = JSON.parse(text) as { role?: string; sub?: string };
	return Response.json({ role, sub, apikey: request.headers.get('apikey') });
});
