import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { IDataObject, WorkflowActivateMode } from 'n8n-workflow';

import type { FromReader, ToReader } from './protocol';
import { openWire, type Wire } from './wire';

/** What a workflow is activated with. */
export interface Activation {
	readonly parameters: IDataObject;
	readonly supabase: { readonly url: string; readonly secretKey: string };
	readonly staticData?: IDataObject;
	/** In seconds. */
	readonly executionTimeout?: number;
	readonly visibility: number;
	readonly activation?: WorkflowActivateMode;
}

/** A process that reads, from its start to its end. */
export interface Life {
	/** Each life has another. */
	readonly number: number;
	readonly wire: Wire;
	readonly isAlive: boolean;
	/** Executions that it could not start. */
	readonly refused: number;
	/** Fulfilled when n8n has it as active. */
	readonly active: Promise<void>;
	/** Without a goodbye. */
	kill(): Promise<void>;
	/** It does nothing until it is woken: to itself no time has passed but by the clock. */
	stall(): void;
	wake(): void;
	refuseExecutions(times: number): void;
	/** Deactivates the workflow; the process ends then. */
	deactivate(): Promise<void>;
}

/** How executions run: what is told of each, and told back when it has ended. */
export interface Runner {
	run(
		message: FromReader & { kind: 'execution' },
		ended: (error?: string) => void,
		life: { readonly number: number; readonly isAlive: boolean },
	): void;
	log(level: string, text: string): void;
}

let lives = 0;

export async function startLife(activation: Activation, runner: Runner): Promise<Life> {
	const number = ++lives;
	const wire = await openWire(activation.supabase.url);
	const child = fork(join(__dirname, 'reader.ts'), {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	const gone = once(child, 'exit');
	let isAlive = true;
	let refused = 0;
	let inactive = () => {};
	const tell = (message: ToReader) => isAlive && child.connected && child.send(message);

	const active = new Promise<void>((resolve, reject) => {
		child.on('message', (message: FromReader) => {
			// What was on its way when the process died is not known to anybody.
			if (!isAlive) return;
			switch (message.kind) {
				case 'loaded':
					return void tell({
						kind: 'activate',
						parameters: activation.parameters,
						credential: { url: wire.url, secretKey: activation.supabase.secretKey },
						staticData: activation.staticData ?? {},
						activation: activation.activation ?? 'init',
						executionTimeout: activation.executionTimeout,
						visibility: activation.visibility,
					});
				case 'active':
					return resolve();
				case 'failed':
					runner.log('failed', message.error);
					return reject(new Error(message.error));
				case 'inactive':
					return inactive();
				case 'executionRefused':
					refused += 1;
					return;
				case 'log':
					return runner.log(message.level, message.text);
				case 'execution':
					return runner.run(
						message,
						(error) => tell({ kind: 'ended', execution: message.execution, error }),
						life,
					);
			}
		});
		child.once('exit', () => reject(new Error('The reader died before it was active')));
	});
	// A life may end before it begins to read.
	active.catch(() => {});

	async function kill(): Promise<void> {
		isAlive = false;
		child.kill('SIGKILL');
		await gone;
		await wire.close();
	}

	const life: Life = {
		number,
		wire,
		active,
		get isAlive() {
			return isAlive;
		},
		get refused() {
			return refused;
		},
		kill,
		stall: () => void child.kill('SIGSTOP'),
		wake: () => void child.kill('SIGCONT'),
		refuseExecutions: (times) => tell({ kind: 'refuseExecutions', times }),
		async deactivate() {
			const done = new Promise<void>((resolve) => (inactive = resolve));
			tell({ kind: 'deactivate' });
			await Promise.race([done, gone]);
			await kill();
		},
	};
	return life;
}
