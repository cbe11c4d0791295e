import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { objectOf } from '../../src/api/json';
import type { Field, Fields } from '../../src/n8n/field';

/** A setting of what Auth keeps: how n8n shows it, what Auth calls it, and how it is read. */
export interface Setting {
	readonly property: INodeProperties;
	readonly key: string;
	readonly read: (field: Field) => unknown;
}

/** What is shown of a setting beside its kind. */
type Shown = Omit<INodeProperties, 'type' | 'default' | 'options' | 'typeOptions'>;

/** A text that is not empty. */
export function text(key: string, shown: Shown): Setting {
	return {
		key,
		property: { type: 'string', default: '', ...shown },
		read: (field) => field.required(),
	};
}

/** A text that is hidden in the form. */
export function secret(key: string, shown: Shown): Setting {
	const { property, read } = text(key, shown);
	return { key, property: { ...property, typeOptions: { password: true } }, read };
}

/** Yes or no. */
export function flag(key: string, shown: Shown, unless = false): Setting {
	return {
		key,
		property: { type: 'boolean', default: unless, ...shown } as INodeProperties,
		read: (field) => field.boolean(),
	};
}

/** Texts with commas between; at least one. */
export function names(key: string, shown: Shown): Setting {
	return {
		key,
		property: { type: 'string', default: '', ...shown },
		read(field) {
			const found = field.names();
			if (found.length > 0) return found;
			throw new InvalidRequestError(
				`${shown.displayName} is empty`,
				'Enter at least one. If it comes from an expression, check what that gives for this item.',
			);
		},
	};
}

/** A JSON object. */
export function json(key: string, shown: Shown): Setting {
	return {
		key,
		property: { type: 'json', default: '{}', ...shown },
		read(field) {
			const found = objectOf(field.value());
			if (found) return found;
			throw new InvalidRequestError(
				`${shown.displayName} is not a JSON object`,
				'Write it like {"name": "value"}. If it comes from an expression, check what that gives for this item.',
			);
		},
	};
}

/** One of several values. */
export function choice(
	key: string,
	shown: Shown,
	values: ReadonlyArray<readonly [name: string, value: string, description?: string]>,
): Setting {
	return {
		key,
		property: {
			type: 'options',
			options: values.map(([name, value, description]) => ({ name, value, description })),
			default: values[0]?.[1] ?? '',
			...shown,
		},
		read(field) {
			const found = field.oneOf(values.map(([, value]) => value));
			if (found) return found;
			throw new InvalidRequestError(`${shown.displayName} is empty`, 'Choose one.');
		},
	};
}

/** The settings that are given, by the names that Auth has for them. */
export function settingsOf(field: Fields, settings: readonly Setting[]): Record<string, unknown> {
	return Object.fromEntries(
		settings
			.filter(({ property }) => field(property.name).given)
			.map(({ key, property, read }) => [key, read(field(property.name))]),
	);
}
