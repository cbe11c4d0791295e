import './environment';
import 'reflect-metadata';

import { TriggerContext } from 'n8n-core';
import {
	Workflow,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IRun,
	type ITriggerResponse,
	type WorkflowActivateMode,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import { TestCredentials, type PlainCredentials } from './credentials';
import type { DrawnNode, Engine, WorkflowOutcome } from './engine';

/** A workflow that begins with a trigger. */
export interface TriggeredWorkflow {
	/** The trigger first. */
	readonly nodes: readonly DrawnNode[];
	readonly connections?: IConnections;
	readonly credentials: PlainCredentials;
	/** Why n8n activates it; by a person if not given. */
	readonly activation?: WorkflowActivateMode;
	/** What n8n has kept from an earlier activation. */
	readonly staticData?: IDataObject;
	/** Whether executions are run to their end; if not they end at once. */
	readonly runs?: boolean;
	/** Takes the place of running an execution; what it gives is how that ended. */
	readonly onEmit?: (emission: Emission) => Promise<IRun | void> | IRun | void;
	/** Takes the place of n8n's own at the moment of `emit`; what it throws, `emit` throws. */
	readonly beforeEmit?: (emission: Emission) => void;
	readonly executionTimeout?: number;
}

/** One call of `emit`. */
export interface Emission {
	readonly items: INodeExecutionData[];
	readonly deduplicationKey?: string;
	/** What n8n saves at that moment. */
	readonly staticData: IDataObject;
}

/** A workflow that waits for its trigger. */
export interface ActiveWorkflow {
	readonly emissions: readonly Emission[];
	/** The outcomes of executions that were run, in the order in which they ended. */
	readonly outcomes: readonly WorkflowOutcome[];
	/** What the trigger told n8n of: what ends it, and what shows as a failed execution. */
	readonly errors: readonly Error[];
	readonly failures: readonly Error[];
	readonly logs: readonly string[];
	/** The JSON of all items so far. */
	rows(): IDataObject[];
	/** What n8n would keep if it saved it now. */
	staticData(): IDataObject;
	/** Waits until a condition holds; it is looked at after each emission, log line and a while. */
	until(condition: () => boolean): Promise<void>;
	/** Deactivates it. */
	close(): Promise<void>;
}

/**
 * Activates a workflow in n8n's engine, as n8n's server does.
 *
 * @throws what the trigger throws, which fails the activation
 */
export async function activateWorkflow(
	engine: Engine,
	drawn: TriggeredWorkflow,
): Promise<ActiveWorkflow> {
	const { nodes, credentials, activation = 'activate' } = drawn;
	const connections = drawn.connections ?? {};
	const [first] = nodes;
	if (!first) throw new Error('The workflow has no trigger');
	const placed = nodes.map((node, index): INode => {
		const type = engine.packs.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const usable = (type.description.credentials ?? []).filter(({ name }) => name in credentials);
		return {
			id: `node-${index}`,
			typeVersion: 1,
			position: [index * 200, 0],
			parameters: {},
			credentials: Object.fromEntries(usable.map(({ name }) => [name, { id: name, name }])),
			...node,
		};
	});
	const workflow = new Workflow({
		id: 'workflow',
		name: 'Workflow',
		nodes: placed,
		connections,
		active: true,
		nodeTypes: engine.packs.nodeTypes,
		staticData: structuredClone(drawn.staticData ?? {}),
		settings: { executionOrder: 'v1', executionTimeout: drawn.executionTimeout },
	});
	const trigger = workflow.getNode(first.name);
	if (!trigger) throw new Error('n8n lost the trigger');
	const emissions: Emission[] = [];
	const outcomes: WorkflowOutcome[] = [];
	const errors: Error[] = [];
	const failures: Error[] = [];
	const logs: string[] = [];
	const waiting = new Set<() => void>();
	const changed = () => waiting.forEach((look) => look());
	const saved = () =>
		JSON.parse(
			JSON.stringify(workflow.staticData, (key, value: unknown) =>
				key === '__dataChanged' ? undefined : value,
			),
		) as IDataObject;

	async function run(emission: Emission): Promise<IRun | undefined> {
		const ended = await drawn.onEmit?.(emission);
		if (ended) return ended;
		if (!drawn.runs) return undefined;
		const outcome = await engine.runWorkflow({
			nodes,
			connections,
			credentials,
			items: emission.items,
			mode: 'trigger',
		});
		outcomes.push(outcome);
		return outcome.run;
	}

	const helper = new TestCredentials(engine.packs, credentials);
	const context = new TriggerContext(
		workflow,
		trigger,
		additionalData(helper, { mode: 'trigger' }),
		'trigger',
		activation,
		([items = []], _response, done, deduplicationKey) => {
			const emission = { items, deduplicationKey, staticData: saved() };
			drawn.beforeEmit?.(emission);
			emissions.push(emission);
			void run(emission)
				.then((result) => done?.resolve(result as IRun), done?.reject)
				.finally(changed);
			changed();
		},
		(error) => {
			errors.push(error);
			changed();
		},
		(error) => {
			failures.push(error);
			changed();
		},
	);
	const log = (level: string) => (text: string) => {
		logs.push(`${level}: ${text}`);
		changed();
	};
	const logger = Object.fromEntries(
		['error', 'warn', 'info', 'debug', 'verbose'].map((level) => [level, log(level)]),
	);
	Object.defineProperty(context, 'logger', { value: logger });

	const type = engine.packs.nodeTypes.getByNameAndVersion(trigger.type, trigger.typeVersion);
	const response: ITriggerResponse | undefined = await type.trigger?.call(context);
	return {
		emissions,
		outcomes,
		errors,
		failures,
		logs,
		rows: () => emissions.flatMap(({ items }) => items.map(({ json }) => json)),
		staticData: saved,
		async until(condition) {
			await new Promise<void>((resolve) => {
				const timer = setInterval(look, 20);
				function look(): void {
					if (!condition()) return;
					clearInterval(timer);
					waiting.delete(look);
					resolve();
				}
				waiting.add(look);
				look();
			});
		},
		close: async () => await response?.closeFunction?.(),
	};
}
