import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

import { closeClients, listen, named, open, ORDERS } from './client';
import { closePhoenix, startPhoenix } from './phoenix';

const NAMES = ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy', 'ALL_PROXY', 'all_proxy'];
const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
let stop: (() => Promise<void>) | undefined;

afterEach(async () => {
	await closeClients();
	await closePhoenix();
	await stop?.();
	for (const name of NAMES) {
		if (before[name] === undefined) delete process.env[name];
		else process.env[name] = before[name];
	}
});

/** A proxy that leads on where somebody has the right name and password. */
async function startProxy(status = 200): Promise<string[]> {
	const asked: string[] = [];
	const sockets = new Set<Socket>();
	const server: Server = createServer();
	server.on('connect', ({ url = '', headers }, client: Socket) => {
		asked.push(`${url} ${headers['proxy-authorization']}`);
		sockets.add(client);
		client.on('error', () => undefined);
		if (status !== 200) {
			client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
			return;
		}
		const { hostname, port } = new URL(`http://${url}`);
		const target = connect(Number(port), hostname, () => {
			client.write('HTTP/1.1 200 OK\r\n\r\n');
			target.pipe(client).pipe(target);
		});
		target.on('error', () => client.destroy());
		sockets.add(target);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	for (const name of NAMES) delete process.env[name];
	process.env.HTTP_PROXY = `http://ada:se%40cret@127.0.0.1:${port}`;
	stop = async () => {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	};
	return asked;
}

test('the proxy of the environment leads to the server', async () => {
	const asked = await startProxy();
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), ORDERS);
	const wire = await phoenix.next();
	wire.accept(await wire.next('phx_join'));
	await heard.states.until(named('subscribed'));
	const credentials = Buffer.from('ada:se@cret').toString('base64');
	expect(asked).toEqual([`${new URL(phoenix.url).host} Basic ${credentials}`]);
});

test('NO_PROXY goes past it', async () => {
	const asked = await startProxy();
	process.env.NO_PROXY = '127.0.0.1';
	const phoenix = await startPhoenix();
	await open(phoenix.project).states.until(named('open'));
	expect(asked).toEqual([]);
});

test('a proxy that refuses is named as the reason, without its password', async () => {
	await startProxy(407);
	const phoenix = await startPhoenix();
	const waiting = await open(phoenix.project).states.until(named('waiting'));
	const { message, hint } = 'reason' in waiting ? waiting.reason : { message: '', hint: '' };
	expect(`${message} ${hint}`).toMatch(/proxy/i);
	expect(`${message} ${hint}`).not.toContain('se%40cret');
	expect(phoenix.wires).toEqual([]);
});
