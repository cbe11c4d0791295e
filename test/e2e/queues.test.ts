import { testForms, type Shows } from './forms';

const BEHIND = ['Options', 'Run As'];

const ofMessages: Shows[] = [
	['message', 'send', 'Queue', 'Message', ...BEHIND],
	['message', 'read', 'Queue', 'Limit', 'Visibility Timeout', ...BEHIND],
	['message', 'pop', 'Queue', ...BEHIND],
	['message', 'archive', 'Queue', 'Message IDs', ...BEHIND],
	['message', 'delete', 'Queue', 'Message IDs', ...BEHIND],
	['message', 'extend', 'Queue', 'Message IDs', 'Visibility Timeout', ...BEHIND],
];

const ofQueues: Shows[] = [
	['queue', 'create', 'Queue Name', ...BEHIND],
	['queue', 'getAll', 'Return All', 'Limit', ...BEHIND],
	['queue', 'metrics', 'Of', 'Queue', ...BEHIND],
	['queue', 'purge', 'Queue', 'Delete All Messages', ...BEHIND],
];

testForms('supabaseQueues', 'queues', [...ofMessages, ...ofQueues], {
	queue: { __rl: true, mode: 'name', value: 'mail_to_send' },
	queueName: 'mail_to_send',
});
