import type { IDataObject } from 'n8n-workflow';

import type { SchemaDescription } from '../api/database/description';
import type { DatabaseRole, ErrorContext } from './advice/advice';
import { locatorValue } from './field';
import type { Operation } from './operation';
import type { ItemParameters } from './parameters';

/** What was asked for, for the error of certain items. */
export type ContextOf = (items: readonly number[]) => ErrorContext | undefined;

/** The role that the database sees, by the values of Run As. */
const ROLES: Readonly<Record<string, DatabaseRole>> = {
	serviceRole: 'service_role',
	anonymous: 'anon',
	user: 'authenticated',
};

/** What the contexts of a node's errors are made of. */
interface Asked {
	readonly resource: string;
	readonly operation: Operation;
	readonly parametersOf: (item: number) => ItemParameters;
	/** What the items were compiled to; those that could not be have none. */
	readonly jobs: ReadonlyArray<{ readonly item: number; readonly plan: unknown }>;
	readonly description: (schema: string) => SchemaDescription | undefined;
}

/**
 * The contexts of a node's errors: what the advice of any service may ask for. Nothing is read before
 * an advice asks.
 */
export function errorContexts(asked: Asked): ContextOf {
	const { resource, operation, parametersOf, jobs, description } = asked;
	let places: Map<number, number> | undefined;

	function plansOf(items: readonly number[]) {
		places ??= new Map(jobs.map(({ item }, place) => [item, place]));
		return items.flatMap((item) => jobs[places?.get(item) ?? -1] ?? []);
	}

	return (items) => {
		const [item] = items;
		if (item === undefined) return undefined;
		const parameter = (name: string) => parameterOf(parametersOf(item), name);
		return {
			operation: `${resource}.${operation.value}`,
			rights: operation.rights,
			parameter,
			description,
			get role() {
				return operation.role ?? ROLES[String(parameter('runAs'))];
			},
			get plans() {
				return plansOf(items);
			},
		};
	};
}

/** `undefined` where n8n cannot resolve it, which is not what the error is about. */
function parameterOf(get: ItemParameters, name: string): unknown {
	const [first = '', ...rest] = name.split('.');
	try {
		const value = locatorValue(get.value(first));
		return rest.reduce((at, key) => (Object(at) as IDataObject)[key], value);
	} catch {
		return undefined;
	}
}
