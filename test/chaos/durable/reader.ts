/**
 * The process that reads: the trigger, with as much of n8n around it as it asks for. Executions run in
 * the parent, which stays when this process is killed and stopped.
 */
import {
	NodeHelpers,
	type IDataObject,
	type INode,
	type INodeType,
	type INodeTypeDescription,
	type IRun,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';

import { planOf } from '../../../nodes/RealtimeTrigger/plan';
import { runTrigger } from '../../../src/n8n/trigger/run';
import type { FromReader, ToReader } from './protocol';

/** Its entry as n8n's loader takes it: without its ending the codex file beside it would be loaded. */
const entry = '../../../nodes/RealtimeTrigger/SupabaseRealtimeTrigger.node.ts';
interface Entry {
	readonly SupabaseRealtimeTrigger: new () => INodeType;
}

const running = new Map<number, IDeferredPromise<IRun>>();
let executions = 0;
let refusals = 0;
let response: ITriggerResponse | undefined;

interface IDeferredPromise<T> {
	promise: Promise<T>;
	resolve(result: T | PromiseLike<T>): void;
	reject(error: Error): void;
}

const tell = (message: FromReader) => process.send?.(message);

function hostOf(
	activated: ToReader & { kind: 'activate' },
	description: INodeTypeDescription,
): ITriggerFunctions {
	const node: INode = {
		id: 'trial',
		name: 'Trial',
		type: description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const parameters = NodeHelpers.getNodeParameters(
		description.properties,
		activated.parameters as INode['parameters'],
		true,
		false,
		node,
		description,
	) as IDataObject;
	const { staticData } = activated;
	const log = (level: string) => (text: string) => void tell({ kind: 'log', level, text });
	const host = {
		getNode: () => node,
		getWorkflow: () => ({ id: 'trial', name: 'Trial', active: true }),
		getWorkflowSettings: () => ({ executionTimeout: activated.executionTimeout }),
		getWorkflowStaticData: () => staticData,
		getMode: () => 'trigger',
		getActivationMode: () => activated.activation,
		getCredentials: async () => await Promise.resolve(activated.credential),
		getNodeParameter: (name: string, otherwise: unknown) => parameters[name] ?? otherwise,
		getTimezone: () => 'UTC',
		logger: Object.fromEntries(
			['error', 'warn', 'info', 'debug', 'verbose'].map((level) => [level, log(level)]),
		),
		helpers: { createDeferredPromise: deferred },
		emit([items = []]: [ITriggerItems], _: unknown, done?: IDeferredPromise<IRun>, key?: string) {
			if (refusals > 0) {
				refusals -= 1;
				tell({ kind: 'executionRefused' });
				throw new Error('n8n starts no execution now');
			}
			const execution = ++executions;
			if (done) running.set(execution, done);
			tell({ kind: 'execution', execution, items, deduplicationKey: key, staticData });
		},
		emitError: (error: Error) =>
			void tell({ kind: 'log', level: 'emitError', text: error.message }),
		saveFailedExecution: (error: Error) =>
			void tell({ kind: 'log', level: 'failedExecution', text: error.message }),
	};
	return host as unknown as ITriggerFunctions;
}

function deferred<T>(): IDeferredPromise<T> {
	const made = {} as IDeferredPromise<T>;
	made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
	return made;
}

type ITriggerItems = Extract<FromReader, { kind: 'execution' }>['items'];

function ended({ execution, error }: ToReader & { kind: 'ended' }): void {
	const run = {
		finished: !error,
		status: error ? 'error' : 'success',
		mode: 'trigger',
		data: { resultData: { runData: {}, ...(error && { error: new Error(error) }) } },
		startedAt: new Date(),
	};
	running.get(execution)?.resolve(run as unknown as IRun);
	running.delete(execution);
}

/** The trigger, but with claims that end sooner than the form allows. */
async function activate(message: ToReader & { kind: 'activate' }): Promise<ITriggerResponse> {
	const { SupabaseRealtimeTrigger } = (await import(entry)) as Entry;
	const { description } = new SupabaseRealtimeTrigger();
	return await runTrigger(hostOf(message, description), description.properties, (get) => {
		const plan = planOf(get);
		const { visibility } = message;
		return plan.durable ? { ...plan, durable: { ...plan.durable, visibility } } : plan;
	});
}

async function act(message: ToReader): Promise<void> {
	switch (message.kind) {
		case 'activate':
			response = await activate(message);
			tell({ kind: 'active' });
			return;
		case 'ended':
			return ended(message);
		case 'refuseExecutions':
			refusals = message.times;
			return;
		case 'deactivate':
			await response?.closeFunction?.();
			tell({ kind: 'inactive' });
			return;
	}
}

process.on('message', (message: ToReader) => {
	act(message).catch(
		(error: Error & { description?: string }) =>
			void tell({ kind: 'failed', error: `${error.message} ${error.description ?? ''}` }),
	);
});
process.on('disconnect', () => process.exit());
tell({ kind: 'loaded' });
