import type { ITriggerFunctions } from 'n8n-workflow';

import type { Project } from '../../../../src/api/project';
import { sender } from '../../../../src/api/transport';
import type { TriggerPlan } from '../../../../src/n8n/trigger/plan';
import { openTrigger, type Trigger } from '../../../../src/n8n/trigger/trigger';
import { holdTimers } from '../../api/realtime/client';
import { closePhoenix, startPhoenix } from '../../api/realtime/phoenix';
import { tokens } from '../../tokens';

const MINUTE = 60_000;
const opened: Trigger[] = [];

afterEach(async () => {
	jest.useRealTimers();
	await Promise.all(opened.splice(0).map(async (each) => await each.close()));
	await closePhoenix();
});

const ROOM: TriggerPlan = {
	tables: [],
	rooms: [{ name: 'room-1', private: false, broadcasts: [{}], presences: [] }],
	start: 'now',
	startAnew: false,
	oneAtATime: false,
	fullMessage: false,
	exactNumbers: false,
	testWait: MINUTE,
	runAs: 'serviceRole',
};

/** A trigger on a project, and what it tells n8n. */
function openOn(project: Project, { isOld = false, isTest = false } = {}) {
	const failures: Error[] = [];
	const logs: string[] = [];
	const log = (text: string) => logs.push(text);
	const node = {
		getNode: () => ({ id: 'node', name: 'Trigger', type: 'trigger', typeVersion: 1 }),
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowStaticData: () => ({}),
		getActivationMode: () => 'activate',
		logger: { debug: log, info: log, warn: log },
		helpers: {},
		...(!isOld && { saveFailedExecution: (error: Error) => failures.push(error) }),
	} as unknown as ITriggerFunctions;
	const authority = { role: 'service_role' } as const;
	const rights = {
		authority: async () => ({ authority }),
		send: sender(project, { authority }),
	};
	opened.push(openTrigger({ node, project, plan: ROOM, rights, isTest }));
	/** Lets what goes over sockets go on until a line is in the log so many times. */
	const logged = async (pattern: RegExp, times = 1) => {
		while (logs.filter((line) => pattern.test(line)).length < times) {
			await new Promise(setImmediate);
		}
	};
	return { failures, logs, logged };
}

test.each([false, true])(
	'an outage of five minutes is a failed execution, once, where n8n has such: %s',
	async (isOld) => {
		const refusal = { status: 503, body: JSON.stringify({ error: `No ${tokens.sb_secret}` }) };
		const { project } = await startPhoenix(() => refusal);
		holdTimers();
		const { failures, logged } = openOn(project, { isOld });
		await logged(/is not connected/);
		jest.advanceTimersByTime(5 * MINUTE - 1);
		expect(failures).toEqual([]);
		jest.advanceTimersByTime(1);
		expect(failures).toHaveLength(isOld ? 0 : 1);
		for (let minute = 0; minute < 20; minute++) {
			await new Promise(setImmediate);
			jest.advanceTimersByTime(MINUTE);
		}
		expect(failures).toHaveLength(isOld ? 0 : 1);
		if (isOld) return;
		expect(failures[0]?.name).toBe('NodeApiError');
		expect(JSON.stringify(failures[0])).not.toContain(tokens.sb_secret);
	},
);

test('an outage that is over before is none', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const { failures, logged } = openOn(phoenix.project);
	const confirm = async () => {
		const wire = await phoenix.next();
		const join = await wire.next('phx_join');
		wire.accept(join);
		const payload = {
			extension: 'system',
			status: 'ok',
			message: 'Replication connection established',
		};
		wire.send(join.topic, 'system', payload, { joinRef: join.ref });
		return wire;
	};
	const wire = await confirm();
	await logged(/listens to the channel room-1/);
	wire.kill();
	await logged(/is not connected/);
	jest.advanceTimersByTime(2_000);
	await confirm();
	await logged(/listens to/, 2);
	jest.advanceTimersByTime(5 * MINUTE - 1_000);
	expect(failures).toEqual([]);
});

test('a test of the step says meanwhile what it waits for', async () => {
	const { project } = await startPhoenix();
	const { logs } = openOn(project, { isTest: true });
	expect(logs).toEqual(['Trigger: waits for the channel room-1']);
});
