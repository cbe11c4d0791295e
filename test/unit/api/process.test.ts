import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { closeServers, startServer, startTcpServer } from '../server';
import { tokens } from '../tokens';

const root = join(__dirname, '../../..');

/** Runs a program in a process of its own and gives what it prints, as JSON. */
async function run(program: string, environment: NodeJS.ProcessEnv = {}): Promise<unknown> {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', '--input-type=commonjs', '--eval', program],
		{ cwd: root, env: { PATH: process.env.PATH, ...environment } },
	);
	const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
	if (!output) throw new Error(errors);
	return JSON.parse(output);
}

/** Sends one request, prints what came of it. */
const sendOne = (url: string) => `
	const { readProject } = require('./src/api/project.ts');
	const { send } = require('./src/api/transport.ts');
	const project = readProject({ url: '${url}', publishableKey: '${tokens.sb_publishable}' });
	const request = { service: 'rest', method: 'GET', path: ['planets'] };
	send(project, request, { authority: { role: 'anon' }, maxRepeats: 0 }).then(
		({ status, body }) => process.stdout.write(JSON.stringify({ status, body })),
		({ message, outcome, hint }) => process.stdout.write(JSON.stringify({ message, outcome, hint })),
	).finally(() => process.exit());
`;

afterEach(closeServers);

it('loads undici with the first request, not before', async () => {
	const server = await startServer(() => ({ body: [1] }));
	const files = readdirSync(join(root, 'src/api'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => `./src/api/${file}`);
	const seen = await run(`
		const isLoaded = () => Object.keys(require.cache).some((file) => /node_modules.undici/.test(file));
		const modules = ${JSON.stringify(files)}.map((file) => require(file));
		const before = isLoaded();
		const { readProject } = require('./src/api/project.ts');
		const { send } = require('./src/api/transport.ts');
		const project = readProject({ url: '${server.url}', secretKey: '${tokens.sb_secret}' });
		const request = { service: 'rest', method: 'GET', path: ['planets'] };
		send(project, request, { authority: { role: 'service_role' } }).then(({ body }) => {
			process.stdout.write(JSON.stringify({ modules: modules.length, before, after: isLoaded(), body }));
			process.exit();
		});
	`);
	expect(files).toContain('./src/api/transport.ts');
	expect(seen).toEqual({ modules: files.length, before: false, after: true, body: [1] });
});

describe('a proxy from the environment', () => {
	interface Proxy {
		readonly url: string;
		/** What it was asked to reach. */
		readonly reached: string[];
		close(): Promise<void>;
	}

	async function startProxy(status = 200): Promise<Proxy> {
		const reached: string[] = [];
		const sockets = new Set<Socket>();
		const server = createServer((incoming, outgoing) => {
			reached.push(new URL(incoming.url ?? '').host);
			const { method, headers } = incoming;
			const onward = forward(incoming.url ?? '', { method, headers }, (answer) => {
				outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
				answer.pipe(outgoing);
			});
			incoming.pipe(onward);
		});
		server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
			reached.push(url);
			sockets.add(socket);
			socket.on('error', () => undefined);
			if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
			const { hostname, port } = new URL(`http://${url}`);
			const onward = connect(Number(port), hostname, () => {
				socket.write('HTTP/1.1 200 OK\r\n\r\n');
				socket.pipe(onward).pipe(socket);
			});
			sockets.add(onward);
			onward.on('error', () => undefined);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return {
			url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
			reached,
			async close() {
				for (const socket of sockets) socket.destroy();
				server.closeAllConnections();
				await new Promise((resolve) => server.close(resolve));
			},
		};
	}

	let proxy: Proxy | undefined;
	afterEach(async () => await proxy?.close());

	it.each(['HTTP_PROXY', 'http_proxy'])('carries requests: %s', async (variable) => {
		proxy = await startProxy();
		const server = await startServer(() => ({ body: [1] }));
		const answer = await run(sendOne(server.url), { [variable]: proxy.url });
		expect(answer).toEqual({ status: 200, body: [1] });
		expect(proxy.reached).toEqual([new URL(server.url).host]);
		expect(server.requests).toHaveLength(1);
	});

	it('is passed by for what NO_PROXY names', async () => {
		proxy = await startProxy();
		const server = await startServer(() => ({ body: [1] }));
		const answer = await run(sendOne(server.url), {
			HTTP_PROXY: proxy.url,
			NO_PROXY: '127.0.0.1',
		});
		expect(answer).toEqual({ status: 200, body: [1] });
		expect(proxy.reached).toEqual([]);
	});

	it.each([
		[403, 'The proxy refused the connection'],
		[407, 'The proxy wants a name and a password'],
		[502, 'The proxy refused the connection'],
	])('that refuses with %d is told apart', async (status, message) => {
		proxy = await startProxy(status);
		const answer = await run(sendOne('http://project.invalid'), { HTTP_PROXY: proxy.url });
		expect(answer).toEqual({
			message,
			outcome: 'notSent',
			hint: expect.stringContaining('HTTP_PROXY'),
		});
		expect(proxy.reached).toEqual(['project.invalid:80']);
	});

	it.each(['http_proxy', 'HTTP_PROXY'])('that is dead is told apart: %s', async (variable) => {
		proxy = await startProxy();
		const { url } = proxy;
		await proxy.close();
		const answer = await run(sendOne('http://project.invalid'), { [variable]: url });
		expect(answer).toEqual({
			message: 'The proxy cannot be reached',
			outcome: 'notSent',
			hint: `${variable} names it (ECONNREFUSED). Correct it where n8n runs, or name the host of the Project URL in NO_PROXY.`,
		});
	});

	it('that hangs up is told apart, and at once', async () => {
		const server = await startTcpServer('');
		const answer = await run(sendOne('http://project.invalid'), { HTTP_PROXY: server.url });
		expect(answer).toMatchObject({ message: 'The proxy cannot be reached', outcome: 'notSent' });
	});

	it.each([true, false])('is not for this machine, dead or alive: %s', async (isAlive) => {
		proxy = await startProxy(403);
		const { url } = proxy;
		if (!isAlive) await proxy.close();
		const answer = await run(sendOne('http://localhost:1'), { HTTP_PROXY: url });
		expect(answer).toEqual({
			message: 'A request to this machine was sent to a proxy',
			outcome: 'notSent',
			hint: 'HTTP_PROXY is for all addresses: set NO_PROXY=localhost,127.0.0.1 where n8n runs.',
		});
	});

	it('that is none is refused before anything is sent, and its password is not shown', async () => {
		const answer = await run(sendOne('http://project.invalid'), { HTTP_PROXY: 'me:pw@proxy:3128' });
		expect(answer).toEqual({
			message: 'HTTP_PROXY is not the address of a proxy',
			hint: 'Where n8n runs, write it with its scheme, such as http://proxy.example.com:3128.',
		});
	});

	it('is another one when the environment has changed', async () => {
		proxy = await startProxy();
		const server = await startServer(() => ({ body: [1] }));
		const answers = await run(`
			const { readProject } = require('./src/api/project.ts');
			const { send } = require('./src/api/transport.ts');
			const project = readProject({ url: '${server.url}', publishableKey: '${tokens.sb_publishable}' });
			const request = { service: 'rest', method: 'GET', path: ['planets'] };
			const ask = async (proxy) => {
				process.env.HTTP_PROXY = proxy;
				return (await send(project, request, { authority: { role: 'anon' } })).body;
			};
			(async () => [await ask(''), await ask('${proxy.url}'), await ask('')])()
				.then((bodies) => process.stdout.write(JSON.stringify(bodies)))
				.finally(() => process.exit());
		`);
		expect(answers).toEqual([[1], [1], [1]]);
		expect(proxy.reached).toHaveLength(1);
	});
});
