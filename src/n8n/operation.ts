import type {
	IBinaryKeyData,
	IDataObject,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { Project } from '../api/project';
import type { Connect } from '../api/realtime/visit';
import type { Send } from '../api/transport';
import type { DatabaseRole } from './advice/advice';
import type { Files } from './binary';
import type { ItemParameters } from './parameters';
import type { Whose } from './runAs';
import type { Descriptions } from './schema';

/** What an operation may use while it runs; what it needs of one item is in its plan. */
export interface Run extends Descriptions {
	/** Items get their own errors; otherwise the first failure ends it all. */
	readonly continueOnFail: boolean;
	/** How many items the person wants at once, where the operation lets them say. */
	readonly itemsAtOnce?: number;
	/** Shows something to the person who looks at the node's output. */
	hint(message: string): void;
	/** Writes to n8n's log. */
	log(message: string): void;
	/** Where n8n keeps files. */
	readonly files: Files;
	/** The addresses of the project's services, without a slash at their end. */
	readonly addresses: Project['services'];
	/** Aborted when the execution is cancelled. */
	readonly signal?: AbortSignal;
}

/** One item, compiled. Items of the same authority share the same `send`. */
export interface Job<Plan> {
	readonly item: number;
	readonly plan: Plan;
	readonly send: Send;
	/** The same, but the execution's cancellation does not stop it: to undo what is half done. */
	readonly sendAfterCancel: Send;
	/** Opens a connection to Realtime on the same behalf. */
	readonly connect: Connect;
	/** The same account of what is written, for what goes another way than by `send`. */
	readonly kept: (send: Send) => Send;
	/**
	 * The token of the user on whose behalf it sends, if it is a user.
	 *
	 * @throws SupabaseApiError where the user of a credential cannot sign in
	 */
	readonly accessToken?: () => Promise<string>;
}

/** What an item of the output holds. */
export interface Output {
	readonly json: IDataObject;
	readonly binary?: IBinaryKeyData;
}

/** One item of the output, or the error of one; `items` are those of the input it came from. */
export type Result =
	| (Output & { readonly items: readonly number[] })
	| { readonly items: readonly number[]; readonly error: unknown };

/**
 * An operation of a node, as data: what n8n shows, how an item's parameters become a plan, and how
 * plans are carried out.
 */
export interface Operation<Plan = unknown> {
	readonly name: string;
	readonly value: string;
	readonly action: string;
	readonly description: string;
	/** In the order in which they are shown; operations may share one. */
	readonly parameters: readonly INodeProperties[];
	/**
	 * One of what it writes and what it does with it, such as `['row', 'written']`, for an error that
	 * says what stands. An operation without it only reads.
	 */
	readonly writes?: readonly [noun: string, done: string];
	/** Carrying it out once more leaves everything as it is, so n8n's Retry On Fail may. */
	readonly repeatable?: boolean;
	/** The policies that a role needs for it, in words. */
	readonly rights?: string;
	/** The role that Supabase sees, where Run As is not asked and it is always the same. */
	readonly role?: DatabaseRole;
	/** On whose behalf it is made, where Run As is not asked. Throws where the key for it is missing. */
	authority?(get: ItemParameters, project: Project): Whose;
	/** Whose rights count is no question, so any key of the credential will do and Run As is not asked. */
	readonly anyKey?: boolean;
	/** Run As may be No Key. */
	readonly keyless?: boolean;
	/** Whether a plan's items are written all or not at all, so none where one cannot be compiled. */
	together?(plan: Plan): boolean;
	/**
	 * Compiles one item; does no I/O. All items are compiled before anything is sent.
	 *
	 * @throws InvalidRequestError for input that cannot be right
	 */
	compile(get: ItemParameters): Plan;
	/**
	 * Carries the plans of all items out.
	 *
	 * @returns results in any order; an item may have none or several
	 * @throws ItemsError at the first failure, unless `run.continueOnFail`
	 */
	execute(jobs: ReadonlyArray<Job<Plan>>, run: Run): Promise<readonly Result[]>;
}

export interface Resource {
	readonly name: string;
	readonly value: string;
	/** By name; the first one is the default unless told otherwise. */
	readonly operations: readonly Operation[];
	readonly defaultOperation?: string;
	/** The parameter that says on what; until it is filled in, nothing behind it is shown. */
	readonly on?: string;
}

/** Declares an operation; its plan's type is its own affair. */
export function operation<Plan>(definition: Operation<Plan>): Operation {
	return definition as Operation;
}

/**
 * The node's properties: Resource, Operation, every operation's parameters with the
 * `displayOptions` that show them for it, and behind them what all operations have in common.
 */
export function nodeProperties(
	resources: readonly Resource[],
	common: readonly INodeProperties[] = [],
): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ name, value }) => ({ name, value })),
			default: resources[0]?.value ?? '',
		},
		...resources.map(operationProperty),
		...resources.flatMap((resource) => [
			...parameterProperties(resource),
			...common.map((property) => commonProperty(property, resource)),
		]),
	];
}

function commonProperty(
	property: INodeProperties,
	{ value, operations, on }: Resource,
): INodeProperties {
	const { show, hide } = property.displayOptions ?? {};
	const without = operations.filter(({ anyKey }) => anyKey).map((each) => each.value);
	const hidden = {
		...hide,
		...(on && { [on]: [''] }),
		...(without.length > 0 && { operation: without }),
	};
	return {
		...property,
		displayOptions: {
			show: { resource: [value], ...show },
			...(Object.keys(hidden).length > 0 && { hide: hidden }),
		},
	};
}

function operationProperty({ value, operations, defaultOperation }: Resource): INodeProperties {
	const options: INodePropertyOptions[] = operations.map((each) => ({
		name: each.name,
		value: each.value,
		action: each.action,
		description: each.description,
	}));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options,
		default: defaultOperation ?? options[0]?.value ?? '',
	};
}

/** A parameter that several operations share is one property, so that its value stays. */
function parameterProperties({ value: resource, operations, on }: Resource): INodeProperties[] {
	const merged = mergeInOrder(operations.map(({ parameters }) => parameters));
	return merged.map((parameter) => {
		const users = operations.filter(({ parameters }) => parameters.includes(parameter));
		const isBehind = users.every(({ parameters }) => isBehindTarget(parameters, parameter, on));
		return {
			...parameter,
			displayOptions: {
				...parameter.displayOptions,
				...(on && isBehind && { hide: { ...parameter.displayOptions?.hide, [on]: [''] } }),
				show: {
					resource: [resource],
					operation: users.map(({ value }) => value),
					...parameter.displayOptions?.show,
				},
			},
		};
	});
}

function isBehindTarget(
	parameters: readonly INodeProperties[],
	parameter: INodeProperties,
	on: string | undefined,
): boolean {
	const target = parameters.findIndex(({ name }) => name === on);
	return target >= 0 && parameters.indexOf(parameter) > target;
}

/** One list of all parameters in which those of each operation stand in their own order. */
function mergeInOrder(lists: ReadonlyArray<readonly INodeProperties[]>): INodeProperties[] {
	const merged = new Set<INodeProperties>();
	// In how many lists others are before it. To look for that in the lists is slow, and n8n's start waits.
	const behind = new Map<INodeProperties, number>();
	const move = (parameter: INodeProperties | undefined, by: number) =>
		parameter && behind.set(parameter, (behind.get(parameter) ?? 0) + by);
	for (const list of lists) for (const parameter of list.slice(1)) move(parameter, 1);
	const queues = lists.map((list) => [...list]);
	const isNext = ([head]: INodeProperties[]) => head && !behind.get(head);
	for (;;) {
		const [next] = queues.find(isNext) ?? queues.find(({ length }) => length) ?? [];
		if (!next) return [...merged];
		merged.add(next);
		for (const queue of queues) {
			while (queue[0] && merged.has(queue[0])) {
				queue.shift();
				move(queue[0], -1);
			}
		}
	}
}
