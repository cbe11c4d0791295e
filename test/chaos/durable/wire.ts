import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { reset } from '../../stack/reset';

/** The network between a reader and Supabase, which may fail. */
export interface Wire {
	/** Supabase's address for the reader. */
	readonly url: string;
	readonly counts: {
		/** Connections cut or refused. */
		cut: number;
		/** Answers that were on their way and lost, by what the request called. */
		readonly answersLost: Record<string, number>;
	};
	/** Ends all connections and lets nobody connect until it is mended. */
	cut(): void;
	mend(): void;
	/** The next answers to requests whose path ends with this are lost; the work is done. */
	loseAnswers(ofCall: string, times: number): void;
	close(): Promise<void>;
}

export async function openWire(supabaseUrl: string): Promise<Wire> {
	const { port } = new URL(supabaseUrl);
	const open = new Set<Socket>();
	const losing = new Map<string, number>();
	const counts: Wire['counts'] = { cut: 0, answersLost: {} };
	let isCut = false;

	const server = createServer((reader) => {
		if (isCut) {
			counts.cut += 1;
			return reset(reader);
		}
		const supabase = connect(Number(port), '127.0.0.1');
		let called = '';
		open.add(reader);
		const end = () => {
			open.delete(reader);
			supabase.destroy();
			reader.destroy();
		};
		for (const socket of [reader, supabase]) socket.on('error', end).on('close', end);
		reader.on('data', (data: Buffer) => {
			called = /^[A-Z]+ (\S*) HTTP/.exec(data.toString('latin1'))?.[1] ?? called;
			supabase.write(data);
		});
		supabase.on('data', (data: Buffer) => {
			const lost = [...losing].find(([call, times]) => times > 0 && called.endsWith(call));
			if (!lost) return void reader.write(data);
			const [call, times] = lost;
			losing.set(call, times - 1);
			counts.answersLost[call] = (counts.answersLost[call] ?? 0) + 1;
			reset(reader);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');

	function cut(): void {
		isCut = true;
		for (const reader of open) {
			counts.cut += 1;
			reset(reader);
		}
	}

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		counts,
		cut,
		mend: () => (isCut = false),
		loseAnswers: (ofCall, times) => losing.set(ofCall, times),
		async close() {
			cut();
			server.close();
			await once(server, 'close');
		},
	};
}
