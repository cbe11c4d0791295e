import { createClient } from '@supabase/supabase-js';
import { WebSocket } from 'ws';

import { openSession, type Session } from './browser';
import { execute } from './editor';
import { testForms, type Shows } from './forms';
import { chosen, openPrepared } from './workflow';
import { world } from './world';

const CHANNEL = ['Channel', 'Private'];
const TABLE = ['Schema', 'Table', 'Events', 'Leave Out Columns', 'Many Rows at Once'];
const BEHIND = ['Options', 'Run As'];

const forms: Shows[] = [
	['broadcast', 'send', ...CHANNEL, 'Event', 'Message', 'JSON', 'Send By', ...BEHIND],
	['channel', 'waitFor', 'Wait For', ...CHANNEL, 'Events', 'Ask First', 'Time Limit', ...BEHIND],
	['presence', 'getAll', ...CHANNEL, ...BEHIND],
	['setup', 'getSql', 'SQL To', 'Queue', 'Tables', ...TABLE, 'Users', 'Files', 'Buckets'],
];

testForms('supabaseRealtime', 'realtime', forms, {
	channel: 'room-1',
	queue: 'n8n_shop',
	tables: {
		table: [{ schema: chosen('public'), table: chosen('orders'), omit: 'notes', bulk: false }],
	},
	users: true,
	files: true,
	buckets: 'invoices',
});

describe('a message', () => {
	let session: Session;
	const { supabaseUrl, publishableKey } = world();
	const client = createClient(supabaseUrl, publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
	});

	beforeAll(async () => (session = await openSession()));
	afterAll(async () => {
		await client.removeAllChannels();
		await client.realtime.disconnect();
		await session?.close();
	});

	it('is sent from the editor, and reaches who listens with the official client', async () => {
		const heard: unknown[] = [];
		await new Promise<void>((resolve) => {
			client
				.channel('room-1')
				.on('broadcast', { event: 'greeting' }, ({ payload }) => heard.push(payload))
				.subscribe((status) => String(status) === 'SUBSCRIBED' && resolve());
		});
		const { page } = session;
		const parameters = {
			...{ resource: 'broadcast', operation: 'send', channel: 'room-1', event: 'greeting' },
			...{ json: '={{ $json }}' },
		};
		await openPrepared(page, 'A message', {
			type: 'supabaseRealtime',
			parameters,
			item: { hello: 'world' },
		});
		await execute(page);
		await page.getByTestId('output-panel').getByText('room-1').first().waitFor();
		while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
		expect(heard).toEqual([{ hello: 'world' }]);
	});
});
