import { InvalidRequestError } from '../errors';

export const CAPTURED_EVENTS = ['insert', 'update', 'delete'] as const;

/** A table whose changes go to a queue. */
export interface CapturedTable {
	readonly schema: string;
	readonly name: string;
	/** At least one. Who captures deletes captures TRUNCATE too. */
	readonly events: ReadonlyArray<(typeof CAPTURED_EVENTS)[number]>;
	/** Columns that never leave the database; those of the primary key cannot be among them. */
	readonly omit?: readonly string[];
	/** Captured once a statement: quicker for many rows at once, slower for single ones. */
	readonly bulk?: boolean;
}

/** Everything that goes to one queue. */
export interface DurablePlan {
	/** Its name; `<queue>_dead` gets what could not be worked off. */
	readonly queue: string;
	readonly tables: readonly CapturedTable[];
	/** Sign-ups and other changes of users, without password hashes and tokens. */
	readonly users?: boolean;
	/** Files stored, moved and removed: in these buckets, or in all where none are named. */
	readonly files?: { readonly buckets?: readonly string[] };
}

/** @throws InvalidRequestError for a plan that captures nothing, or has a list that is there but empty */
export function checkPlan({ tables, users, files }: DurablePlan): void {
	if (tables.length === 0 && !users && !files) {
		throw new InvalidRequestError(
			'Nothing is to be captured',
			'Name at least one table, or switch on Users or Files.',
		);
	}
	const seen = new Set<string>();
	for (const { schema, name, events, omit } of tables) {
		const label = JSON.stringify([schema, name]);
		if (seen.has(label)) {
			throw new InvalidRequestError(
				`${schema}.${name} is named twice`,
				'Name each table once, with all of its events.',
			);
		}
		seen.add(label);
		if (!schema || !name) {
			throw new InvalidRequestError('A table has no name', 'Give its schema and its name.');
		}
		if (events.length === 0 || !events.every((event) => CAPTURED_EVENTS.includes(event))) {
			throw new InvalidRequestError(
				`No events of ${schema}.${name} are chosen`,
				`Choose at least one of ${CAPTURED_EVENTS.join(', ')}.`,
			);
		}
		if (omit?.some((column) => !column)) {
			throw new InvalidRequestError(
				`A column of ${schema}.${name} to leave out has no name`,
				'Name it, or remove it from the list.',
			);
		}
	}
	if (files?.buckets && (files.buckets.length === 0 || !files.buckets.every(Boolean))) {
		throw new InvalidRequestError(
			'A bucket whose files are captured has no name',
			'Name at least one bucket, or none at all for the files of all buckets.',
		);
	}
}
