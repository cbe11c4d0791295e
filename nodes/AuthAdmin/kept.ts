import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Collection } from '../../src/api/auth/admin/collections';
import { listOf } from '../../src/api/auth/answers';
import { InvalidRequestError } from '../../src/api/errors';
import { eachItem, eachRead, outputs } from '../../src/n8n/each';
import type { Operation } from '../../src/n8n/operation';
import { itemsAtOnce, optionsOf, requestOptions } from '../../src/n8n/requestOptions';
import { adminOperation } from './admin';
import { collectionOf, membersOf } from './fields';
import { settingsOf, type Setting } from './settings';

/** What Auth keeps by an ID, such as OAuth clients: all are made, read, changed and deleted alike. */
export interface Kept {
	/** One of it, in words: `OAuth client`. */
	readonly noun: string;
	readonly article: 'a' | 'an';
	readonly requests: Collection;
	/** The parameter that names one, and its check. */
	readonly locator: INodeProperties;
	readonly idOf: (text: string) => string;
	/** The field of a list's answer that holds it, and of each that holds its ID. */
	readonly listKey: string;
	readonly idKey: string;
	/** Sent along with each that is made. */
	readonly always?: object;
	/** Asked for when one is made, beside what may be added. */
	readonly required: readonly Setting[];
	readonly additional: readonly Setting[];
	/** What may be changed later. */
	readonly changeable: readonly Setting[];
	/** @throws InvalidRequestError for settings that do not go together */
	readonly check?: (settings: Readonly<Record<string, unknown>>) => void;
}

const options = optionsOf([itemsAtOnce, ...requestOptions]);

interface Plan {
	readonly id: string;
}

interface Settings {
	readonly settings: Record<string, unknown>;
}

/** Create: with what is required, and what was added. */
export function createOf(kept: Kept, description: string): Operation {
	const { noun, article, requests, required, additional, always, check } = kept;
	const more = collectionOf(
		'additionalFields',
		additional.map(({ property }) => property),
	);
	return adminOperation<Settings>({
		name: 'Create',
		value: 'create',
		action: `Create ${article} ${noun}`,
		description,
		writes: [noun, 'made'],
		parameters: [
			...required.map(({ property }) => ({ ...property, required: true })),
			...(additional.length > 0 ? [more] : []),
			options,
		],
		compile(get) {
			const settings = {
				...always,
				...settingsOf((name) => get.field(name), required),
				...settingsOf(membersOf(get, more), additional),
			};
			check?.(settings);
			return { settings };
		},
		execute: eachItem(async ({ plan, send }) => ({
			json: (await send<IDataObject>(requests.create(plan.settings))).body,
		})),
	});
}

/** Get, by ID. */
export function getOf(kept: Kept): Operation {
	const { noun, article, requests, locator } = kept;
	return adminOperation<Plan>({
		name: 'Get',
		value: 'get',
		action: `Get ${article} ${noun}`,
		description: `Read ${article} ${noun}`,
		parameters: [locator, options],
		compile: (get) => ({ id: kept.idOf(get.required(locator.name)) }),
		execute: eachRead(async ({ id }, send) => [
			{ json: (await send<IDataObject>(requests.get(id))).body },
		]),
	});
}

/** Get Many: Auth has no pages of these. */
export function getAllOf(
	{ noun, requests, listKey }: Kept,
	filters: ReadonlyArray<Setting> = [],
): Operation {
	const members = [...filters.map(({ property }) => property), itemsAtOnce, ...requestOptions];
	return adminOperation<{ readonly query: ReadonlyArray<readonly [string, string]> }>({
		name: 'Get Many',
		value: 'getAll',
		action: `Get many ${noun}s`,
		description: `List the ${noun}s of the project`,
		parameters: [optionsOf(members)],
		compile: (get) => ({
			query: Object.entries(settingsOf(get.option, filters)) as Array<[string, string]>,
		}),
		execute: eachRead(async ({ query }, send) => {
			const { body } = await send<IDataObject>(requests.list(query));
			return outputs(listOf(body?.[listKey]) as IDataObject[]);
		}),
	});
}

/** Update: what was added, and nothing else. */
export function updateOf(kept: Kept): Operation {
	const { noun, article, requests, locator, changeable } = kept;
	const updates = collectionOf(
		'updateFields',
		changeable.map(({ property }) => property),
	);
	return adminOperation<Plan & Settings>({
		name: 'Update',
		value: 'update',
		action: `Update ${article} ${noun}`,
		description: `Change the settings of ${article} ${noun}`,
		writes: [noun, 'changed'],
		repeatable: true,
		parameters: [locator, updates, options],
		compile(get) {
			const id = kept.idOf(get.required(locator.name));
			const settings = settingsOf(membersOf(get, updates), changeable);
			if (Object.keys(settings).length > 0) return { id, settings };
			throw new InvalidRequestError(
				'There is nothing to change',
				'Add at least one field under Update Fields.',
			);
		},
		execute: eachItem(
			async ({ plan: { id, settings }, send }) => ({
				json: (await send<IDataObject>(requests.update(id, settings))).body,
			}),
			{ targetsOf: ({ plan }) => [plan.id] },
		),
	});
}

/** Delete, by ID. */
export function deleteOf(kept: Kept): Operation {
	const { noun, article, requests, locator, idKey } = kept;
	return adminOperation<Plan>({
		name: 'Delete',
		value: 'delete',
		action: `Delete ${article} ${noun}`,
		description: `Delete ${article} ${noun} for good`,
		writes: [noun, 'deleted'],
		repeatable: true,
		parameters: [locator, options],
		compile: (get) => ({ id: kept.idOf(get.required(locator.name)) }),
		execute: eachItem(
			async ({ plan: { id }, send }) => {
				await send(requests.delete(id));
				return { json: { [idKey]: id, deleted: true } };
			},
			{ targetsOf: ({ plan }) => [plan.id] },
		),
	});
}
