import './environment';
import 'reflect-metadata';

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Container } from '@n8n/di';
import { BinaryDataService, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type IBinaryData,
	type IConnections,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IRun,
	type ITaskData,
	type IWorkflowBase,
	type IWorkflowSettings,
	type NodeExecutionHint,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import { TestCredentials, type PlainCredentials } from './credentials';
import { userFolder } from './environment';
import { loadPacks, type LoadedPacks } from './packs';

/** A node as a person draws it; what is left out gets a value that does not matter. */
export type DrawnNode = Pick<INode, 'name' | 'type'> & Partial<INode>;

/** One execution: a workflow, and what it meets. */
export interface WorkflowRun {
	readonly nodes: readonly DrawnNode[];
	readonly connections: IConnections;
	/** Decrypted credentials by type; every node whose description names the type gets it. */
	readonly credentials?: PlainCredentials;
	/** What the first node emits; one empty item if not given. */
	readonly items?: readonly INodeExecutionData[];
	/** The node to begin with; the first one if not given. */
	readonly startNode?: string;
	/** Aborting it is what pressing Stop does. */
	readonly signal?: AbortSignal;
	/** Where an item holds its files: in `binary`, or in its `json`. */
	readonly binaryMode?: IWorkflowSettings['binaryMode'];
	readonly settings?: IWorkflowSettings;
	readonly mode?: WorkflowExecuteMode;
	/** The first node is a trigger that is tested: it waits for an event of its own. */
	readonly tests?: boolean;
}

/** What an execution left behind; of a node that ran several times, its last run. */
export interface WorkflowOutcome {
	/** What a node sent to one of its outputs; nothing for a node that did not run. */
	readonly outputOf: (node: string, output?: number) => INodeExecutionData[];
	/** The error that a node threw, whether or not the workflow went on after it. */
	readonly executionErrorOf: (node: string) => ITaskData['error'];
	readonly hintsOf: (node: string) => NodeExecutionHint[];
	readonly hasRun: (node: string) => boolean;
	/** What ended the execution, if it did not reach its end. */
	readonly error: IRun['data']['resultData']['error'];
	readonly run: IRun;
}

/** n8n's own execution engine with a set of packs loaded, in this process. */
export interface Engine {
	readonly packs: LoadedPacks;
	readonly runWorkflow: (run: WorkflowRun) => Promise<WorkflowOutcome>;
	/** Reads a file that a node has put into n8n's store. */
	readonly readBinary: (file: IBinaryData) => Promise<Buffer>;
	/** Removes everything that n8n has written. */
	readonly close: () => Promise<void>;
}

const repository = join(__dirname, '..', '..');

/**
 * Opens an engine. A test file opens one and closes it when it is done.
 *
 * @param folders the packs to load; this one, as it was last built, if not given
 * @param extraNodes further node types by full name
 */
export async function openEngine({
	folders = [repository],
	extraNodes = {},
}: {
	folders?: readonly string[];
	extraNodes?: Readonly<Record<string, INodeType>>;
} = {}): Promise<Engine> {
	const packs = await loadPacks(folders, extraNodes);
	const files = Container.get(BinaryDataService);
	await files.init();
	let executions = 0;

	return {
		packs,
		async runWorkflow(run) {
			executions += 1;
			return outcome(await execute(packs, run, String(executions)));
		},
		readBinary: (file) => files.getAsBuffer(file),
		async close() {
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}

async function execute(packs: LoadedPacks, run: WorkflowRun, executionId: string): Promise<IRun> {
	const { credentials = {}, mode = 'manual', signal } = run;
	const nodes = run.nodes.map((node, index) => placed(node, index, packs, credentials));
	const drawn: IWorkflowBase = {
		id: 'workflow',
		name: 'Workflow',
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		nodes,
		connections: run.connections,
		settings: {
			executionOrder: 'v1',
			...(run.binaryMode && { binaryMode: run.binaryMode }),
			...run.settings,
		},
	};
	const workflow = new Workflow({ ...drawn, nodeTypes: packs.nodeTypes });
	const startNode = workflow.getNode(run.startNode ?? nodes[0]?.name ?? '');
	if (!startNode) throw new Error('The workflow has no node to start with');

	const items = (run.items ?? [{ json: {} }]).map((item) => ({ ...item }));
	const execution = new WorkflowExecute(
		additionalData(new TestCredentials(packs, credentials), { workflow: drawn, mode, executionId }),
		mode,
		createRunExecutionData(),
	).run({
		workflow,
		startNode,
		...(!run.tests && { triggerToStartFrom: { name: startNode.name, data: emitted(items) } }),
	});

	const stop = () => execution.cancel();
	if (signal?.aborted) stop();
	signal?.addEventListener('abort', stop);
	try {
		return await execution;
	} finally {
		signal?.removeEventListener('abort', stop);
	}
}

function placed(
	node: DrawnNode,
	index: number,
	packs: LoadedPacks,
	credentials: PlainCredentials,
): INode {
	const type = packs.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const usable = (type.description.credentials ?? []).filter(({ name }) => name in credentials);
	return {
		id: `node-${index}`,
		typeVersion: [type.description.version].flat().at(-1) ?? 1,
		position: [index * 200, 0],
		parameters: {},
		...(usable.length > 0 && {
			credentials: Object.fromEntries(usable.map(({ name }) => [name, { id: name, name }])),
		}),
		...node,
	};
}

function emitted(items: INodeExecutionData[]): ITaskData {
	return {
		startTime: Date.now(),
		executionTime: 0,
		executionIndex: 0,
		source: [],
		data: { main: [items] },
	};
}

function outcome(run: IRun): WorkflowOutcome {
	const { runData, error } = run.data.resultData;
	const last = (node: string) => runData[node]?.at(-1);
	return {
		outputOf: (node, output = 0) => last(node)?.data?.main?.[output] ?? [],
		executionErrorOf: (node) => last(node)?.error,
		hintsOf: (node) => last(node)?.hints ?? [],
		hasRun: (node) => last(node) !== undefined,
		error,
		run,
	};
}

/** The connections of nodes in a row. */
export function chain(...names: readonly string[]): IConnections {
	const connections: IConnections = {};
	names.slice(1).forEach((name, index) => {
		connections[names[index] as string] = {
			main: [[{ node: name, type: 'main', index: 0 }]],
		};
	});
	return connections;
}

/** The connections of one node whose outputs each lead to another. */
export function branches(from: string, ...to: readonly string[]): IConnections {
	return { [from]: { main: to.map((node) => [{ node, type: 'main' as const, index: 0 }]) } };
}
