/**
 * Runs in Deno: serves each file of a folder as the edge function of its name, `/<name>/…`, and
 * answers for the platform where a function is missing, does not start or fails.
 *
 * The first line that it writes is its port. It ends when its standard input does.
 */
type Handler = (request: Request) => Response | Promise<Response>;

const [folder = '.'] = Deno.args;
const known = new Map<string, Promise<Handler | undefined>>();
const serve = Deno.serve;
let captured: Handler | undefined;
let loading: Promise<unknown> = Promise.resolve();

// A function calls Deno.serve when it is loaded; what it serves is kept instead.
Object.defineProperty(Deno, 'serve', { value: (handler: Handler) => void (captured = handler) });

/** One after the other, so that what is captured is the handler of the one that is loaded. */
async function load(name: string): Promise<Handler | undefined> {
	const file = `${folder}/${name}.ts`;
	if (!/^[\w-]+$/.test(name) || !(await exists(file))) return undefined;
	const loaded = loading.then(async () => {
		captured = undefined;
		const { default: own } = (await import(`file://${file}`)) as { default?: { fetch?: Handler } };
		return captured ?? own?.fetch;
	});
	loading = loaded.catch(() => undefined);
	return await loaded;
}

async function exists(file: string): Promise<boolean> {
	return await Deno.stat(file).then(
		() => true,
		() => false,
	);
}

/** As the platform itself answers. */
function platformError(status: number, code: string, message: string): Response {
	return Response.json({ code, message }, { status, headers: { 'sb-error-code': code } });
}

async function answer(request: Request): Promise<Response> {
	const [, name = ''] = new URL(request.url).pathname.split('/');
	const handler = known.get(name) ?? load(name);
	known.set(name, handler);
	const found = await handler.catch(() => 'broken' as const);
	if (!found) return platformError(404, 'NOT_FOUND', 'Requested function was not found');
	if (found === 'broken') {
		return platformError(503, 'BOOT_ERROR', 'Function failed to start (please check logs)');
	}
	try {
		const response = await found(request);
		if (response.status < 500) return response;
		const headers = new Headers(response.headers);
		headers.set('sb-error-code', 'EDGE_FUNCTION_ERROR');
		return new Response(response.body, { status: response.status, headers });
	} catch {
		const headers = { 'sb-error-code': 'EDGE_FUNCTION_ERROR' };
		return new Response('Internal Server Error', { status: 500, headers });
	}
}

const onListen = ({ port }: { readonly port: number }) => console.log(port);
serve({ hostname: '127.0.0.1', port: 0, onListen }, answer);

export {};

for await (const part of Deno.stdin.readable) void part;
Deno.exit();
